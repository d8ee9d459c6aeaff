package train

import "time"

// saving writes checkpoints while a plan is followed.
type saving struct {
	trainer *Trainer
	plan    Plan
	last    time.Time
}

// begin saves the first checkpoint: what cannot be written is found before
// anything is learned.
func (s *saving) begin() error {
	if s.plan.Save == nil {
		return nil
	}
	return s.save()
}

// after saves one when it is due.
func (s *saving) after() error {
	p := s.plan
	steps := p.SaveSteps > 0 && s.trainer.step%p.SaveSteps == 0
	if p.Save == nil || !steps && !(p.SaveEvery > 0 && time.Since(s.last) >= p.SaveEvery) {
		return nil
	}
	return s.save()
}

func (s *saving) save() error {
	data, err := s.trainer.Checkpoint()
	if err == nil {
		err = s.plan.Save(data)
	}
	s.last = time.Now()
	return err
}
