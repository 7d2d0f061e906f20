// Command latency lets packets of one of the kernel's queues go on after a while, as a longer way would.
package main

import (
	"context"
	"flag"
	"log"
	"os/signal"
	"syscall"
	"time"

	"github.com/florianl/go-nfqueue/v2"
)

func main() {
	queue := flag.Uint("queue", 0, "number of the queue")
	delay := flag.Duration("delay", 0, "how long each packet is held")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	held, err := nfqueue.Open(&nfqueue.Config{
		NfQueue:     uint16(*queue),
		MaxQueueLen: 1 << 16,
		Copymode:    nfqueue.NfQnlCopyMeta,
		Flags:       nfqueue.NfQaCfgFlagGSO,
	})
	if err != nil {
		log.Fatal(err)
	}
	defer held.Close()
	letGo := func(packet nfqueue.Attribute) int {
		time.AfterFunc(*delay, func() { held.SetVerdict(*packet.PacketID, nfqueue.NfAccept) })
		return 0
	}
	// what the kernel had no room to tell of goes on by itself
	goOn := func(error) int { return 0 }
	if err := held.RegisterWithErrorFunc(ctx, letGo, goOn); err != nil {
		log.Fatal(err)
	}
	<-ctx.Done()
}
