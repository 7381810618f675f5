package mattermost

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"luotsi/bot"
)

// errOutsideTeam: the account was a member of the team and is no more.
var errOutsideTeam = errors.New("no longer in the team")

func checkVersion(version string) []bot.Finding {
	v, ok := readVersion(version)
	if !ok || v[0] < oldest[0] || v[0] == oldest[0] && v[1] < oldest[1] {
		return []bot.Finding{{
			Level: bot.Fault, What: fmt.Sprintf("The Mattermost server is version %s; Luotsi needs %d.%d or newer.", version, oldest[0], oldest[1]),
			Fix: "Upgrade the server.",
		}}
	}
	return nil
}

// checkClock compares the two clocks. Deadlines and reminders go by Luotsi's, messages by the server's.
func checkClock(theirs, ours time.Time) []bot.Finding {
	if theirs.IsZero() {
		return nil
	}
	apart := ours.Sub(theirs).Abs().Truncate(time.Second)
	f := bot.Finding{
		Level: bot.Hint, What: fmt.Sprintf("The clocks of Luotsi and Mattermost are %s apart.", apart),
		Fix: "Let both machines take their time from the network (timedatectl set-ntp true).",
	}
	switch {
	case apart < 20*time.Second:
		return nil
	case apart >= 2*time.Minute:
		f.Level = bot.Fault
	}
	return []bot.Finding{f}
}

// checkRights looks at what ordinary members of any private channel may do. It is a hint: the roster sweep repairs.
func checkRights(ofMembers []string) []bot.Finding {
	open := setupOpenRights(ofMembers)
	if len(open) == 0 {
		return nil
	}
	return []bot.Finding{{
		Level: bot.Hint,
		What: "Any member of a case's room may add people, remove Luotsi, rename or archive the room (" + strings.Join(open, ", ") +
			" in channel_user); Luotsi repairs that afterwards.",
		Fix: "luotsi setup mattermost --lock-channels prevents it, in every private channel of the server.",
	}}
}

// checkKept looks whether who made a channel can manage it: Luotsi could not run its rooms otherwise.
func checkKept(ofMembers, ofAdmins []string) []bot.Finding {
	for _, right := range setupKept {
		if !slices.Contains(ofMembers, right) && !slices.Contains(ofAdmins, right) {
			return []bot.Finding{{
				Level: bot.Fault,
				What:  "Nobody but system administrators has the right " + right + " in private channels, so Luotsi cannot run its rooms.",
				Fix:   "Run luotsi setup mattermost --lock-channels, or give it to channel administrators in System Console, Permissions.",
			}}
		}
	}
	return nil
}

// checkNotifications looks at what push and e-mail tell of a message. Rooms hold codes and professionals' words, and a
// notification leaves the server.
func checkNotifications(s setupSettings, licensed bool) (found []bot.Finding) {
	mail := s.EmailSettings
	if setupOn(mail.SendPushNotifications) && !setupHushed(setupText(mail.PushNotificationContents)) {
		found = append(found, bot.Finding{
			Level: bot.Hint, What: "Push notifications carry the text of messages to telephones and through the push service.",
			Fix: "luotsi setup mattermost --generic-notifications leaves the text out, on the whole server.",
		})
	}
	if !setupOn(mail.SendEmailNotifications) {
		return found
	}
	if setupText(mail.EmailNotificationContentsType) != model.EmailNotificationContentsGeneric {
		found = append(found, bot.Finding{
			Level: bot.Hint, What: "E-mail notifications carry the text of messages.",
			Fix: "luotsi setup mattermost --generic-notifications leaves the text out, on the whole server.",
		})
	} else if !licensed {
		found = append(found, bot.Finding{
			Level: bot.Hint, What: "E-mail notifications carry the text of messages: without a licence Mattermost does not heed the setting that leaves it out.",
			Fix: "Turn e-mail notifications off (System Console, Site Configuration, Notifications), or accept it and tell people to.",
		})
	}
	return found
}

// checkHost is the host that an address names, without port.
func checkHost(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// checkInternal reports that Mattermost will refuse to call the address because it is inside the network, as far as names
// resolve here as they do there. allowed is the server's list; nil when it could not be read.
func checkInternal(ctx context.Context, address string, allowed *string) []bot.Finding {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	host := checkHost(address)
	addresses, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return []bot.Finding{{
			Level: bot.Hint, What: "The host of Luotsi's address, " + host + ", cannot be found from here.", Fix: "Check LUOTSI_BASE_URL and the name service.",
		}}
	}
	inside := slices.ContainsFunc(addresses, func(a netip.Addr) bool {
		a = a.Unmap()
		return (a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || a.IsUnspecified()) && !checkAllowed(host, a, setupText(allowed))
	})
	if !inside {
		return nil
	}
	f := bot.Finding{
		Level: bot.Fault,
		What:  "Luotsi's address " + host + " is inside the network, and Mattermost refuses to call such unless it is listed in AllowedUntrustedInternalConnections.",
		Fix:   "luotsi setup mattermost --allow-internal adds it there.",
	}
	if allowed == nil {
		f.Level, f.Fix = bot.Hint, "Make sure that it is listed (System Console, Environment, Developer), or run this with --admin-login to see."
	}
	return []bot.Finding{f}
}

// checkAllowed reports whether the server's list of hosts, addresses and networks names the host.
func checkAllowed(host string, a netip.Addr, list string) bool {
	for _, one := range strings.FieldsFunc(list, func(r rune) bool { return r == ' ' || r == ',' || r == '\n' || r == '\t' }) {
		if strings.EqualFold(one, host) {
			return true
		}
		if at, err := netip.ParseAddr(one); err == nil && at.Unmap() == a {
			return true
		}
		if network, err := netip.ParsePrefix(one); err == nil && network.Contains(a) {
			return true
		}
	}
	return false
}
