// Package mattermost keeps the promises of bot.Platform on a Mattermost server without plugin or licence, and takes to Luotsi
// only what a person really asked there.
package mattermost
