package main

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"luotsi/bot"
)

var updateManifest = flag.Bool("update-manifest", false, "write deploy/slack-manifest.yaml anew")

// manifestFile is what the instructions point at: Finnish, by HTTP, at an address that is nobody's.
const manifestFile = "../../deploy/slack-manifest.yaml"

func TestManifestFileIsWhatTheCommandPrints(t *testing.T) {
	want, err := slackManifest(bot.FI, "https://luotsi.example", false)
	if err != nil {
		t.Fatal(err)
	}
	if *updateManifest {
		if err := os.WriteFile(manifestFile, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(manifestFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("deploy/slack-manifest.yaml is not what luotsi manifest slack --base-url https://luotsi.example prints; go test ./cmd/luotsi -run Manifest -update-manifest")
	}
}

func TestManifest(t *testing.T) {
	type app struct {
		Features struct {
			Commands []struct {
				Command, Description, URL string
			} `yaml:"slash_commands"`
		}
		OAuth struct {
			Scopes struct{ Bot, User []string }
		} `yaml:"oauth_config"`
		Settings struct {
			Socket bool `yaml:"socket_mode_enabled"`
		}
	}
	for _, lang := range bot.Langs {
		for _, socket := range []bool{false, true} {
			text, err := slackManifest(lang, "https://luotsi.example/", socket)
			if err != nil {
				t.Fatal(err)
			}
			var a app
			if err := yaml.Unmarshal(text, &a); err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, c := range a.Features.Commands {
				names = append(names, c.Command)
				if c.Description == "" || strings.Contains(c.Description, "⟦") || (c.URL == "https://luotsi.example/slack/command") == socket {
					t.Errorf("%s: %+v", lang, c)
				}
			}
			if got := strings.Join(names, " "); got != "/luotsi /oro /huoli /concern" {
				t.Errorf("%s: commands %s", lang, got)
			}
			if !strings.Contains(string(text), "\n    messages_tab_read_only_enabled: false\n") {
				t.Errorf("commands cannot be typed to Luotsi itself: %s", text)
			}
			if a.Settings.Socket != socket || len(a.OAuth.Scopes.Bot) == 0 || len(a.OAuth.Scopes.User) > 0 || strings.Contains(string(text), "luotsi.example") == socket {
				t.Errorf("%s, socket %t: %s", lang, socket, text)
			}
		}
	}
	for _, address := range []string{"", "http://luotsi.example", "luotsi.example"} {
		if _, err := slackManifest(bot.FI, address, false); err == nil {
			t.Errorf("the address %q was taken", address)
		}
	}
}
