package store

import (
	"errors"
	"os"
	"path/filepath"
)

// createSecret makes a file for its owner's eyes only, whole or not at all. A file of that name stays as it is.
func createSecret(file string, content []byte) (err error) {
	half, err := os.CreateTemp(filepath.Dir(file), ".luotsi-key-*") // made with the mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if gone := os.Remove(half.Name()); err == nil {
			err = gone
		}
	}()
	_, err = half.Write(content)
	if err := errors.Join(err, half.Sync(), half.Close()); err != nil {
		return err
	}
	// Unlike a rename, a link never replaces what is there.
	if err := os.Link(half.Name(), file); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	return nil
}
