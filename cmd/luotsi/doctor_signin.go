package main

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"

	"luotsi/bot"
)

// lookAtSignIn looks whether people prove who they are before Luotsi's pages open, and whether the sign-in that is named can be
// asked. Nobody is signed in.
func (d *doctorCmd) lookAtSignIn(ctx context.Context) []bot.Finding {
	f := d.SignIn
	if f.Issuer == "" {
		switch {
		case f.ClientID != "" || f.ClientSecret != "" || f.ClientSecretFile != "":
			return []bot.Finding{isFault("LUOTSI_OIDC_ISSUER is not set, so nobody is asked to sign in, though other LUOTSI_OIDC_ settings are.", "Set it to your sign-in's issuer, or take the others away.")}
		case d.Slack.wanted():
			return []bot.Finding{{
				Level: bot.Hint, What: "Slack is on and nobody signs in before Luotsi's pages: whoever gets hold of a link in Slack first is taken for its owner, and reads who the client is.",
				Fix: "Set LUOTSI_OIDC_ISSUER, LUOTSI_OIDC_CLIENT_ID and LUOTSI_OIDC_CLIENT_SECRET to your organisation's sign-in.",
			}}
		}
		return nil
	}
	found := []bot.Finding{}
	if err := f.secrets(); err != nil {
		found = append(found, isFault(err.Error()+".", "Set it to what your sign-in gave for Luotsi, and check the file if it is in one."))
	}
	u, err := url.Parse(f.Issuer)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return append(found, isFault("LUOTSI_OIDC_ISSUER is not an address.", "It must be like https://login.example.org."))
	}
	if unprotected(f.Issuer) {
		found = append(found, isFault("The sign-in's address is without encryption (http).", "Use its https address in LUOTSI_OIDC_ISSUER."))
	}
	return append(found, lookAtIssuer(ctx, f.Issuer)...)
}

// lookAtIssuer asks the sign-in what it offers, as the pages do when somebody signs in.
func lookAtIssuer(ctx context.Context, issuer string) []bot.Finding {
	asked := strings.TrimSuffix(issuer, "/") + "/.well-known/openid-configuration"
	provider, err := oidc.NewProvider(oidc.ClientContext(ctx, &http.Client{Timeout: addressWait}), issuer)
	var other *oidc.IssuerMismatchError
	var why *url.Error
	switch {
	case errors.As(err, &other):
		return []bot.Finding{isFault("The sign-in calls itself "+other.Discovered+", not what LUOTSI_OIDC_ISSUER says.", "Set LUOTSI_OIDC_ISSUER to exactly that.")}
	case errors.As(err, &why):
		return []bot.Finding{isFault("The sign-in does not answer at "+asked+": "+why.Err.Error()+".", "Check LUOTSI_OIDC_ISSUER, the network and the certificate.")}
	case err != nil: // its own text may hold a whole page
		return []bot.Finding{isFault("What answers at "+asked+" is not a sign-in's own description.", "Check LUOTSI_OIDC_ISSUER: it is the address to which /.well-known/openid-configuration belongs.")}
	case provider.Endpoint().AuthURL == "" || provider.Endpoint().TokenURL == "":
		return []bot.Finding{isFault("The sign-in at "+issuer+" does not say where people sign in or tokens are asked for.", "Choose one that offers the authorization code flow.")}
	}
	return nil
}
