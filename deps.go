package duban

import (
	_ "github.com/go-telegram/bot"
	_ "github.com/robfig/cron/v3"
	_ "modernc.org/sqlite"
	_ "github.com/pressly/goose/v3"
	_ "github.com/xuri/excelize/v2"
	_ "go.yaml.in/yaml/v4"
	_ "github.com/prometheus/client_golang/prometheus"
	_ "github.com/prometheus/client_golang/prometheus/promhttp"
	_ "github.com/spf13/cobra"
	_ "golang.org/x/time/rate"
	_ "golang.org/x/text/encoding/simplifiedchinese"
	_ "golang.org/x/text/language"
	_ "golang.org/x/text/width"
	_ "golang.org/x/net/html"
	_ "golang.org/x/net/proxy"
	_ "golang.org/x/sys/unix"
)
