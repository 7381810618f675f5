package main

import (
	"fmt"
	"os"
	"strings"
)

// secretOr is a secret given directly, or the content of the file that holds it: every secret may be given either way.
func secretOr(direct, file, name string) (string, error) {
	if direct != "" || file == "" {
		if direct == "" {
			return "", fmt.Errorf("%s is not set, nor %[1]s_FILE", name)
		}
		return direct, nil
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("reading %s_FILE: %w", name, err)
	}
	return strings.TrimSpace(string(content)), nil
}
