package duban

import (
	_ "pgregory.net/rapid"
	_ "go.uber.org/goleak"
	_ "github.com/google/go-cmp/cmp"
	_ "github.com/chromedp/chromedp"
	_ "github.com/prometheus/client_golang/prometheus/testutil"
)
