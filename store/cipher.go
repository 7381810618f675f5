package store

import (
	"fmt"
	"strings"

	"luotsi/commands/casework"
)

// cipher encrypts the fields of one row. What it makes opens only in the same table, row and column, so that nobody who
// writes to the database can move a text to another case. The first failure is kept in err; after it nothing is done.
type cipher struct {
	keys  *Keys
	table string
	row   string
	err   error
}

// close encrypts a field's text; an empty one stays empty.
func (c *cipher) close(column, text string) []byte {
	if text == "" || c.err != nil {
		return nil
	}
	sealed, err := c.keys.data.Encrypt([]byte(text), c.place(column))
	if err != nil {
		c.err = fmt.Errorf("encrypt %s.%s: %w", c.table, column, err)
	}
	return sealed
}

// open decrypts a field.
func (c *cipher) open(column string, sealed []byte) string {
	if len(sealed) == 0 || c.err != nil {
		return ""
	}
	text, err := c.keys.data.Decrypt(sealed, c.place(column))
	if err != nil {
		c.err = fmt.Errorf("decrypt %s.%s of %s: %w", c.table, column, c.row, err)
	}
	return string(text)
}

func (c *cipher) place(column string) []byte {
	return []byte(c.table + ":" + c.row + ":" + column)
}

// cipherFor begins the encryption or decryption of a row that belongs to a case.
func (t *Tx) cipherFor(table string, code casework.Code, no ...int) *cipher {
	row := string(code)
	if len(no) > 0 {
		row += "/" + strings.Trim(fmt.Sprint(no), "[]")
	}
	return &cipher{keys: t.store.keys, table: table, row: row}
}

const matchBytes = 32

// matchHash is the keyed hash under the newest key, by which the same client is found.
func (k *Keys) matchHash(identityCode string) ([]byte, error) {
	return k.match.ComputePrimaryPRF([]byte(identityCode), matchBytes)
}

// matchHashes are the hashes under every key: rows written before a key was renewed are found as well.
func (k *Keys) matchHashes(identityCode string) ([][]byte, error) {
	var hashes [][]byte
	for _, f := range k.match.PRFs {
		h, err := f.ComputePRF([]byte(identityCode), matchBytes)
		if err != nil {
			return nil, err
		}
		hashes = append(hashes, h)
	}
	return hashes, nil
}
