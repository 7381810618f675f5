package store

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/mac"
	"github.com/tink-crypto/tink-go/v2/prf"
	tinkpb "github.com/tink-crypto/tink-go/v2/proto/tink_go_proto"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// ErrKeysOpen says that others than the owner may read or write a key file.
var ErrKeysOpen = errors.New("only its owner may have any rights to a key file (chmod 600)")

// Keys are all the secrets of an installation. Losing them loses the clients' identities and all free text.
type Keys struct {
	data    tink.AEAD // free text and identities
	match   *prf.Set  // finds the same client again
	log     tink.MAC  // log chains and seals
	tickets tink.AEAD // forms, buttons and links
}

// Tickets encrypts what leaves the house and must come back unchanged. It shares no key with the database.
func (k *Keys) Tickets() tink.AEAD { return k.tickets }

// String tells nothing.
func (k *Keys) String() string { return "keys" }

// GoString tells nothing.
func (k *Keys) GoString() string { return "keys" }

// purposes of the keysets in the file. The name is bound to the keyset, so that none can stand in for another.
var purposes = []struct {
	name     string
	template func() *tinkpb.KeyTemplate
}{
	{"data", aead.AES256GCMKeyTemplate},
	{"match", prf.HMACSHA256PRFKeyTemplate},
	{"log", mac.HMACSHA256Tag256KeyTemplate},
	{"tickets", aead.AES256GCMKeyTemplate},
}

// keyEncryptionBytes is the length of the key that encrypts the keysets.
const keyEncryptionBytes = 32

// LoadKeys reads the keysets from their file, encrypted under the key in the other file. With create, missing files are made
// first, for their owner's eyes only; a file that is there is never written. A file that others may read is ErrKeysOpen. Two
// processes that create at once end up with the same keys.
func LoadKeys(keysetFile, kekFile string, create bool) (*Keys, error) {
	if create {
		if err := createKeys(keysetFile, kekFile); err != nil {
			return nil, fmt.Errorf("create keys: %w", err)
		}
	}
	kek, err := readKEK(kekFile)
	if err != nil {
		return nil, fmt.Errorf("read key-encryption key: %w", err)
	}
	handles, err := readKeysets(keysetFile, kek)
	if err != nil {
		return nil, fmt.Errorf("read keyset file: %w", err)
	}
	return keysOf(handles)
}

func keysOf(h map[string]*keyset.Handle) (*Keys, error) {
	var k Keys
	var errs [4]error
	k.data, errs[0] = aead.New(h["data"])
	k.match, errs[1] = prf.NewPRFSet(h["match"])
	k.log, errs[2] = mac.New(h["log"])
	k.tickets, errs[3] = aead.New(h["tickets"])
	if err := errors.Join(errs[:]...); err != nil {
		return nil, fmt.Errorf("use keysets: %w", err)
	}
	return &k, nil
}

func readKEK(file string) (tink.AEAD, error) {
	text, err := readSecret(file)
	if err != nil {
		return nil, err
	}
	key, err := base64.StdEncoding.DecodeString(string(bytes.TrimSpace(text)))
	if err != nil || len(key) != keyEncryptionBytes {
		return nil, fmt.Errorf("%s does not hold %d bytes in base64", file, keyEncryptionBytes)
	}
	return subtle.NewAESGCM(key)
}

func readKeysets(file string, kek tink.AEAD) (map[string]*keyset.Handle, error) {
	text, err := readSecret(file)
	if err != nil {
		return nil, err
	}
	var sealed map[string]json.RawMessage
	if err := json.Unmarshal(text, &sealed); err != nil {
		return nil, fmt.Errorf("%s is not a keyset file", file)
	}
	handles := map[string]*keyset.Handle{}
	for _, p := range purposes {
		h, err := keyset.ReadWithAssociatedData(keyset.NewJSONReader(bytes.NewReader(sealed[p.name])), kek, []byte(p.name))
		if err != nil {
			return nil, fmt.Errorf("%s: the keyset %q does not open with this key-encryption key", file, p.name)
		}
		handles[p.name] = h
	}
	return handles, nil
}

// readSecret reads a file that nobody but its owner may touch.
func readSecret(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%s: %w", file, ErrKeysOpen)
	}
	var text bytes.Buffer
	_, err = text.ReadFrom(f)
	return text.Bytes(), err
}

// createKeys makes whichever of the two files is missing. A keyset file without its key-encryption key is beyond help.
func createKeys(keysetFile, kekFile string) error {
	_, err := os.Stat(keysetFile)
	if err == nil {
		return nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return err
	}
	key := make([]byte, keyEncryptionBytes)
	if _, err := rand.Read(key); err != nil {
		return err
	}
	if err := createSecret(kekFile, []byte(base64.StdEncoding.EncodeToString(key)+"\n")); err != nil {
		return err
	}
	kek, err := readKEK(kekFile) // which may be another process's
	if err != nil {
		return err
	}
	handles := map[string]*keyset.Handle{}
	for _, p := range purposes {
		if handles[p.name], err = keyset.NewHandle(p.template()); err != nil {
			return err
		}
	}
	text, err := sealKeysets(handles, kek)
	if err != nil {
		return err
	}
	return createSecret(keysetFile, text)
}

func sealKeysets(handles map[string]*keyset.Handle, kek tink.AEAD) ([]byte, error) {
	sealed := map[string]json.RawMessage{}
	for name, h := range handles {
		var text bytes.Buffer
		if err := h.WriteWithAssociatedData(keyset.NewJSONWriter(&text), kek, []byte(name)); err != nil {
			return nil, err
		}
		sealed[name] = text.Bytes()
	}
	return json.MarshalIndent(sealed, "", "  ")
}
