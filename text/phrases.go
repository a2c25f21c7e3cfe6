package text

import (
	"regexp"
	"slices"
	"strings"
)

// The tables below are regular expressions over a clause as clausesOf writes it: in lower case, without apostrophes, Latin words between single
// spaces, Chinese without any. A group is what the reply keeps as its Rest.

// whole are clauses that mean something only when they stand alone.
var whole = wholeClauses(map[Intent]string{
	Ack: "好|行|可以|妥|妥妥的|好勒|好咧|阅|收|嗯|1|强|赞|抱拳|握手|好吧|行吧|得嘞|遵命|知道|了解|没问题|没有问题|ok|okay|k|roger|copy|copy that|noted|thanks|thank you|" +
		"got it|will do|on it|understood|acknowledged",
	Confirm:    "确认|是|是的|对|对的|没错|确定|无误|确认无误|yes|y|yep|yeah|confirm|confirmed|correct|sure",
	Cancel:     "取消|不了|算了|否|不|不是|不对|不用|不用了|不要|不要了|不行|放弃|no|n|nope|cancel|never mind|nevermind|abort",
	ZeroReport: "无|零|零报告|没有情况|无情况|无此情况|无此类情况|没有此类情况|无异常|none|nil|zero|zero report",
	NotDone:    "没|没有|没呢|没有呢|没空|没时间|不办|不报|不交|未|还未|not yet|pending|nope not yet",
	Done:       "好了|都好了|全好了|已好|已发|已开|已办|已做|上报完成|上报|完毕|all set",
	Promise:    "马上|稍后|稍等|尽快|晚点|这两天|今天一定|soon|later",
	InProgress: "报进展|进展|在弄|在做|在写",
	Transfer:   "转派|转办|transfer|reassign",
	Decline:    "不属我单位|退办|not ours|not us|not mine|n a|na",
	Question:   "提问|格式|模板|问题|有个问题|question|i have a question|template",
	Complaint:  "意见建议|意见|建议|反馈|投诉|feedback|complaint",
	Stop:       "静音|免打扰|stop|mute|unsubscribe",
	Query:      "待办|代办|待办事项|任务|我的任务|逾期|台账|我的台账|进度|清单|详情|列表|tasks|my tasks|task list|todo|to do|overdue|list|details",
	Withdraw:   "撤回|撤销|撤回上报|取消上报|withdraw|undo|take back",
	Help:       "帮助|帮忙|怎么用|使用说明|说明|help|how does this work",
})

// courtesies are said around a word without changing it.
var courtesies = regexp.MustCompile(`(?:[啊哦哈呀啦哒嘛呢哟噢滴]|谢谢您?|感谢|辛苦了?|领导|老师|书记|主任| thanks| thank you| please)+$`)

// particles add nothing when they are all that is left.
var particles = regexp.MustCompile(`^[了吧呢啊呀啦哒咯嘛哦哟噢的]+$`)

// gestures are signs that acknowledge when a message has nothing else.
const gestures = "👌👍🆗🙏👏🤝💪🫡"

// table is read from top to bottom; the first line that finds something has the clause.
var table = []phraseRow{
	{Query, phrase(`还有(?:什么|哪些|哪几项|几项|几个|多少)(?:没|未|任务|事项|要)|有(?:什么|哪些)(?:任务|事项)|今天要?[交报办做]什么|(?:这周|本周)要?[交报办做]什么|我的任务|我的台账|查看?(?:任务|待办|进度|台账)`,
		`what is due|whats due|what do i have|what is open|whats open|my tasks|show (?:my )?tasks`), nil},
	{Complaint, phrase(`打不开|收不到|没有?收到|未收到|[传发]不[了上出]|上传(?:不了|失败)|登不上|登录不了|点不[了动]|按不[了动]|没有?反应|看不[到见]|下载不了|失效|太多了|太频繁|重复了|[报交传发]过了|已经?(?:[报交传发]|上报|提交)过|出错了|报错`,
		`cannot open|cant open|wont open|(?:not|never|didnt|havent) (?:received?|get|got)(?: it| anything)?|cannot (?:upload|send)|cant (?:upload|send)|does not work|doesnt work|too many|duplicate|sent twice|error`), nil},
	{Stop, phrase(`(?:别|不要|不用|停止)再?(?:一直)?(?:提醒|催|发|吵)(?:我|消息)?了?|静音|免打扰`,
		`stop (?:reminding|sending|it)|no more (?:reminders|messages)|dont remind(?: me)?`), nil},
	{Extension, phrase(`申请延期到?至?|延期[到至]?|延[到至后]|推迟[到至]?|延长[到至]?|宽限[到至]?|缓一?[缓两几一三]天?|晚[几一两三四五]天|再给.{0,4}时间`,
		`extension(?: until| to| by)?|(?:one|two|three|a few|some|\d+) more (?:days?|weeks?|hours?)|extend(?: it)?(?: until| to| by)?|postpone(?: it)?(?: until| to)?|more time|delay(?: it)?(?: until| to)?|put off`), clause.wanted},
	{Extension, phrase(`来不及了?|赶不[上及]|时间不够`, `not enough time|cannot make it|cant make it|will be late|running late|behind schedule`), nil},
	{Question, phrase(`吗|什么|怎么|怎样|咋|如何|哪|几点|几号|多少|谁|是否|有没有|能不能|可不可以|要不要|是不是|行不行|请问|咨询|问一下|想问|不明白|不清楚|不知道|不懂|不会[填弄做报用]|(?:完成|了)没有? $|(?:要|用|能|行|可以).{0,6}么 $|几[张份页个项] $`,
		`question|dont understand|not clear|unclear|not sure`), notAfter("没", "无论")},
	{Question, regexp.MustCompile(`^ (?:what|when|where|how|which|who|whom|why|is there|are there|do we|do i|does|should|may i|can i|can we|could you|can you) `), nil},
	{Question, regexp.MustCompile(`.`), func(c clause, _ int) bool { return c.asks }},
	{NotDone, phrase(`(?:还没有?|还未|尚未)[^已]{0,4}?(?:`+works+`)|还没有?|还未|尚未|没来得及|没顾上|(?:忘了|忘记)[报交做办发传开]?|(?:完成|[做办弄写报交])不[了完成]|完不成|没有?(?:开始|动)`,
		`not yet|yet to|unfinished|incomplete|undone|forgot|nothing done|not started`), clause.plain},
	{NotDone, phrase(works,
		`done|finished|finish|completed|complete|submitted?|sen[dt]|uploaded|reported|ready|filed`), clause.negatedAt},
	{NotDone, phrase(`(?:没|没有|没能|未|未能)(?:报|交|发|传|开|办|做|弄|写|填|送)`, ``), clause.isVerb},
	{Decline, phrase(`不是我们?(?:单位|学校|支部|校|的事|的|负责)?|不归我们?(?:单位|校|管)?|不属于?(?:我们?|本)(?:单位|校|的)?|非(?:我们?|本)(?:单位|校)|无此项工作|(?:和|与|跟)我们?(?:校|单位)?(?:没有?|无)关系?|不负责[这该此]|不[是由]我们?负责|不[是归]本(?:单位|校)|发错了?人?|不涉及|我校没有|我们没有|我单位没有|本校没有|不适用|没有这项工作`,
		`not (?:our|my) (?:unit|school|job|task|duty|responsibility)|not for (?:us|me)|not ours|wrong (?:unit|school|person|chat)|sent by mistake|we have no such .{0,30}|does not (?:concern|apply to) us|not applicable`), nil},
	{ZeroReport, phrase(`零报告|零上报|[我本](?:校|单位|支部)无|无(?:此类?|相关)情况|没有(?:此类|相关)情况|未发[现生]|^ (?:无|没有)(?:新增|内容|变化)(?:情况)? $`, `nothing to report|zero report`), nil},
	{Transfer, phrase(`(?:请|已|需|现)?转(?:给|交给?|派给?|办给?)(.{2,12}) $|已转(.{2,8}?)(?:办理|处理|负责|跟进) $|由(.{2,12}?)(?:来)?(?:负责|办理|处理|承办|跟进)|^ 请([^您你尽抓继及大各]\S{1,7}?)(?:来|去)?(?:办理|处理|负责|跟进|办) $`,
		`(?:transfer|reassign|hand|pass|forward)(?: it| this)?(?: over)? to (.{2,40})`), nil},
	{Transfer, phrase(`调离|调走|换人了|离职|退休了|不再负责|不负责了|不在(?:这个|该)?岗位?|我已?经?不在(?:党办|办公室|学校|本校|这里)`, `no longer (?:in charge|here|responsible)|moved (?:post|on)|left the (?:school|post)`), nil},
	{Partial, phrase(`基本上?(?:完成|做完|办完|落实|好了)|大部分(?:都)?(?:已经?)?(?:完成|做完|办完|好了)?|(?:完成|做|办|写|弄)了?(?:一些|一部分|部分)|部分(?:已经?)?完成|初步完成|大半|差最后.{0,8}|快(?:要)?(?:好|完成|做完|办完|弄完|弄好|写完)了?|即将完成|接近完成|差不多(?:了|完成|好|做完)?了?|差一点|还差.{0,12}|[就只]差.{0,12}|还缺.{0,12}|缺材料|材料不齐|(?:材料)?在补|正在收尾`,
		`almost(?: done| finished| ready)?|nearly(?: done| finished| ready)?|mostly(?: done| finished)?|partly(?: done)?|partially(?: done)?|half done`), notAfter("尽", "赶", "加")},
	{Ack, regexp.MustCompile(`^ (?:收到|好的?)?(?:马上|立即|立刻|抓紧|坚决|尽快|尽早)去?(?:办|落实|办理|处理|执行) $`), nil},
	{Promise, phrase(`完成|办结|落实|上报|报送|提交|上传|搞定|召开|[报交给发传办做弄送补]|开会|开 $`,
		`done|finished|finish|completed|complete|submit|submitted|send|sent|report|upload|deliver|do|ready`), func(c clause, at int) bool { return c.toCome() && c.isVerb(at) }},
	{Promise, phrase(`(?:完成|办完|做完|开完|结束)[之以]?后再?(?:就|即)?(?:上报|报送|提交|[报交发送])`, ``), clause.plain},
	{Promise, regexp.MustCompile(`^ (?:` + moments + `)+[之以]?[前内]?(?:左右|一定|可以)? $|^ (?:tomorrow|tonight|later today|next week|by .{2,20}|on (?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)) $`), nil},
	{InProgress, phrase(`正在|(?:办理|推进|进行|处理|落实|整改|准备|收集|整理|起草|办)中 ?`, `in progress|working on(?: it)?|ongoing|under ?way|in the works`), nil},
	{Confirm, regexp.MustCompile(`^ 确认(已?完成|已?上报|已?提交|发送|办结) $`), nil},
	{Done, phrase(`(?:已经?|都|全部?)?(?:按要求|按时|按期)?(?:完成|[做办弄写填处][理]?[完好]|办[妥毕]|办结|搞定|搞完|[报交发传开]完|[报交]齐|通知到位|落实到位|落实好|整改到位|整改好)了?|(?:到位|齐)了|(?:全部|都)(?:上报|报送|提交|上传|到位)|(?:报|交|发|传|办|做|送|开|上报|提交)了|`+
		`已经?(?:按要求|按时|按期|如期|全部|都)?(?:落实|上报|报送|报|提交|交|发(?:出|送|给|到|您|邮箱|群| )|上传|传达|传|召开|开完|开会|开展|组织|学习|整改|销号|办理|处理|解决|核实|通知|汇报|归档|寄|送|缴|补)|(?:召开|报送|整改|学习)完毕`,
		`done|finished|completed|complete|submitted|sent|uploaded|reported|filed|handed in`), clause.isVerb},
	{InProgress, phrase(`在(?:办|做|弄|写|收尾|准备|推进|收集|整理|落实|催)|已经?(?:安排|部署|布置|启动|开始|着手|转发)`, `started|arranged|begun`), clause.plain},
	{Ack, phrase(`收到|收悉|知悉|知晓|已读|看到了|已阅|明白|清楚了|知道了|了解|好的|好滴|好嘞|嗯|^ 好+ $|没问题|遵照(?:执行|办理)|照办|立即落实|签收|遵命`,
		`received|noted|got it|understood|acknowledged|roger|will do|on it|ok|okay`), clause.plain},
}

// works are the words of completion that a negation may stand some characters before, as an alternation for a pattern.
const works = `完成|做[完好]|办[完结好]|落实|上报|报送|提交|上传|搞定|弄[完好]|[开写填]完|[写填]好|召开|学习|整改|销号|到位|结束`

// moments is what names a moment, as an alternation for a pattern.
const moments = `过[两几]天|这[两几]天|等会儿?|待会儿?|一会儿?|今天|今日|今晚|今早|明天|明日|明早|明晚|后天|大后天|[本这下]+(?:周|星期|礼拜)[一二三四五六日天末]?|(?:周|星期|礼拜)[一二三四五六日天末]|[本这下个]*月底?|月底|月末|年底|年前|` +
	`上午|中午|下午|晚上|傍晚|早上|下班|\d{1,2}月|\d{1,2}[日号]|\d{1,2}[点时]半?|\d{1,2}[.:/-]\d{1,2}(?:[.:/-]\d{1,2})?|[一二两三四五六七八九十\d]+个?(?:工作日|小时|天|周|月)[后内]?|节[前后]`

var (
	// always is to come, whatever else is said.
	always = regexp.MustCompile(`明天|明日|明早|明晚|后天|会后|(?:可以|[能会])(?:按时|按期)?(?:完成|交|报|上报|提交)|下(?:个?星期|个?礼拜|周|个?月)|马上|稍后|晚些|晚点|晚一点|一会儿?|待会|等会|回头|过[两几]天|这[两几]天|尽快|尽量|尽早|抓紧|争取|力争|预计|打算|将[于在会]|会(?:按时|尽快|在)|` +
		` (?:will|tomorrow|tonight|later|soon|going to|shall|ill|next week|next month|by (?:mon|tue|wed|thu|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday|tomorrow|noon|tonight|next|\d\S*)|in (?:a|an|one|two|three|\d+) (?:minutes?|hours?|days?|weeks?)) `)

	// sometimes may be over or to come.
	sometimes = regexp.MustCompile(moments + `|前[完报交给发上提办落]|坚决|一定|保证|确保|努力| (?:today|this (?:week|afternoon|evening)) `)
	already   = regexp.MustCompile(`已|刚|昨| (?:already|yesterday|just) `)
	over      = regexp.MustCompile(`了|过|完毕|的 $| (?:done|finished|completed|submitted|sent|uploaded|reported) `)
)

var (
	negation = regexp.MustCompile(`(?:没有?|未能?|不|别|无法|难以)[^已 ]{0,4}$|` +
		` (?:not|no|never|isnt|arent|wasnt|havent|hasnt|hadnt|didnt|dont|doesnt|cant|cannot|couldnt|wont|without) (?:[a-z]+ ){0,3}$`)
	looksNegative = regexp.MustCompile(`不久|不少|不好意思|对不起|不过|不仅|不但|不断|不错|不同|没错|没问题|没有问题|没事|没多久|没什么|别的|别人|[区特级分个性类]别|差不多|未来|能不能|可不可以|行不行|是不是|要不要|有没有|不用谢|不客气| no problem `)
	unwanted      = regexp.MustCompile(`(?:不|别|没有?|未|取消|撤[回销]|无需|不用|不必|不需要?|不[再想能])(?:再|申请)?$| (?:no|not|without|need no|dont need|dont need an|no need to) $`)

	// doubleNegation may be an excuse as well as a report, so that nobody is taken at it.
	doubleNegation = regexp.MustCompile(`(?:不是|并非|不能说|不会)(?:没|未|不)`)
)

var (
	percents = []*regexp.Regexp{
		regexp.MustCompile(`(\d{1,3})(?: ?%| percent )`),
		regexp.MustCompile(`(?:进度|进展| progress )[为是到约]{0,2}(\d{1,3}) $`),
		regexp.MustCompile(`百分之([一二三四五六七八九十百]{1,3})`),
		regexp.MustCompile(`([一二三四五六七八九]成|一半|过半| half )`),
	}
	inWords       = percentagesInWords()
	progressWords = regexp.MustCompile(`完成|进度|进展|推进|办理|落实|做了|办了| (?:in progress|done|complete|completed|finished|progress|ready) `)
	underWay      = regexp.MustCompile(`正在|在办|(?:办理|推进|进行|处理|落实)中| (?:in progress|working on|ongoing) `)
)

// notVerb are nouns that begin like a verb or end a sentence about one.
var notVerb = regexp.MustCompile(`^(?:[已没未]有?经?)?(?:能)?(?:发展|发现|发生|报告|报名|办法|办公|交代|交流|交办|传统|开学|开始|做法|送达|完成(?:情况|时限|时间|率|度|标准|要求))`)

// isVerb says whether what begins at a byte is something that people do, and no noun such as 完成情况.
func (c clause) isVerb(at int) bool { return !notVerb.MatchString(c.words[at:]) }

// wanted says whether what begins at a byte is asked for: 不需要延期 is not.
func (c clause) wanted(at int) bool { return !unwanted.MatchString(c.harmless()[:at]) }

// notAfter makes a condition: what is found must not follow one of the words, as 什么 in 没什么 does.
func notAfter(words ...string) func(clause, int) bool {
	return func(c clause, at int) bool {
		return !slices.ContainsFunc(words, func(w string) bool { return strings.HasSuffix(c.words[:at], w) })
	}
}

// plain says whether what begins at a byte is not negated.
func (c clause) plain(at int) bool { return !c.negatedAt(at) }

func phrase(chinese, english string) *regexp.Regexp {
	pattern := chinese
	if english != "" {
		pattern += "| (?:" + english + ") "
	}
	return regexp.MustCompile(pattern)
}

func wholeClauses(words map[Intent]string) map[string]Intent {
	all := map[string]Intent{}
	for intent, list := range words {
		for word := range strings.SplitSeq(list, "|") {
			all[word] = intent
		}
	}
	return all
}

// percentagesInWords writes the percentages as they are said: 八成, 百分之八十五, 一半.
func percentagesInWords() map[string]int {
	all := map[string]int{"一半": 50, "过半": 50, " half ": 50, "百": 100, "一百": 100, "十": 10}
	digits := strings.Split("一二三四五六七八九", "")
	for i, d := range digits {
		all[d], all["十"+d], all[d+"十"], all[d+"成"] = i+1, 11+i, (i+1)*10, (i+1)*10
		for j, e := range digits {
			all[d+"十"+e] = (i+1)*10 + j + 1
		}
	}
	return all
}
