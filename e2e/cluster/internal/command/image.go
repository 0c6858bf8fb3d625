package command

import (
	"context"
	"flag"
	"fmt"

	"taskstorage.io/e2e/cluster/internal/image"
)

func imageVerb(_ Shell, _ context.Context, flags *flag.FlagSet, words []string) error {
	const operands = 3
	named := min(len(words), operands)
	for i, word := range words[:named] {
		if word == "" || word[0] == '-' {
			named = i
			break
		}
	}
	if err := parse(flags, words[named:]); err != nil {
		return err
	}
	if named < operands {
		return usage("%s: wanted: the image's name, its program, and the file to write",
			[]string{"NAME", "PROGRAM", "FILE"}[named])
	}
	if err := image.Write(words[0], words[1], words[2]); err != nil {
		return fmt.Errorf("image %s: %w", words[0], err)
	}
	return nil
}
