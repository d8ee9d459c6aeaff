package main

type demo struct{}

func (demo) Run() error { return nil }
