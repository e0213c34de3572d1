using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.ServiceOfDocuments.Party;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace CourtOps.ServiceOfDocuments.Pages.Party;

/// <summary>The party's page on a phone: check who it is, read, confirm, what comes next.</summary>
[Permit(PermitAttribute.Anyone)]
internal sealed class Notice(IMediator mediator, PartySession session, Texts t) : LinkPage(session)
{
    [BindProperty]
    public string? Tail { get; set; }

    [BindProperty]
    public string? Code { get; set; }

    [BindProperty(SupportsGet = true)]
    public int? N { get; set; }

    public FindReleased.Result Show { get; private set; } = null!;

    public bool Known { get; private set; }

    /// <summary>The link ended after too many wrong tries; another can be asked for.</summary>
    public bool Ended { get; private set; }

    public string? Problem { get; private set; }

    /// <summary>1 check, 2 read, 3 confirm, 4 what comes next.</summary>
    public int Step =>
        !Known ? 1
        : Show.Notice.ConfirmedAt is not null ? 4
        : Show.Read.Count < Show.Notice.Papers.Count ? 2
        : 3;

    /// <summary>One fact of the trial limit in the party's language, with its reason.</summary>
    public string LimitWords(Workzone.Cases.LimitItem item)
    {
        var what = item.Kind switch
        {
            "deduction" when item.To is { } to => t["{0}：{1} 至 {2}，{3} 天不计入审限", t[item.Label], Times.Iso(item.From), Times.Iso(to), item.Days ?? 0],
            "deduction" => t["{0}：自 {1} 起不计入审限，还在进行", t[item.Label], Times.Iso(item.From)],
            "extension" => t[item.Code == "day" ? "{0} 申请，批准延长 {1} 日" : "{0} 申请，批准延长 {1} 个月", Times.Iso(item.From), item.Days ?? 0],
            _ => t["{0} 转为{1}", Times.Iso(item.From), Workzone.Web.CaseUi.Procedure(t, item.Code)],
        };
        return item.Reason.Length > 0 ? t["{0}（{1}）", what, item.Reason] : what;
    }

    public async Task<IActionResult> OnPostNewLinkAsync()
    {
        await mediator.Send(new AskNewLink { Token = Token });
        return LocalRedirect($"/p/{Token}?asked=1");
    }

    [BindProperty(SupportsGet = true)]
    public int? Asked { get; set; }

    /// <summary>A link that ended after too many wrong tries was a link all the same.</summary>
    protected override async Task<bool> CountsAsync() => !(Ended = await mediator.Send(new IsEnded { Token = Token }));

    public override async Task ReloadAsync()
    {
        Show = await mediator.Send(new FindReleased { Token = Token });
        Known = Identified;
        PartySession.Mark(HttpContext, Token);
        // the language of the notice, until the person chooses one
        if (!Request.Cookies.ContainsKey("co-lang") && Show.Notice.Language == "ko")
            t.Language = "ko";
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var answer = await mediator.Send(
            new Identify
            {
                Token = Token,
                Tail = Tail ?? "",
                Code = Code ?? "",
                Browser = PartySession.BrowserOf(HttpContext),
            }
        );
        if (answer.End == IdentifyEnd.Done)
        {
            session.Begin(HttpContext, "/p/", Token);
            return LocalRedirect("/p/" + Token);
        }
        try
        {
            await ReloadAsync();
        }
        catch (NotFound)
        {
            (Gone, Ended) = (true, true);
            Response.StatusCode = 422;
            return Page();
        }
        Problem = answer.End switch
        {
            IdentifyEnd.Locked => t[
                "输错次数过多，这个浏览器请在 {0} 之后再试；也可以换一部手机打开链接，或拨打 12368 请法院核对。",
                answer.LockedUntil is { } until ? Times.Full(until) : ""
            ],
            IdentifyEnd.NotATail => t["请填写证件号码的最后 4 位（数字或字母）。这次不算输错。"],
            IdentifyEnd.Held => t["有人说明这份文书不是给本人的，法院正在核实。核实之前不能查看，请拨打 12368。"],
            IdentifyEnd.Inside => t["这个浏览器登录着法院的工作账号，或者在法院内网中打开。文书只能由受送达人本人在自己的设备上查看；这次打开不算送达。"],
            _ => t["核对不上，请再看一下证件号码。还可以试 {0} 次。", answer.Left],
        };
        Response.StatusCode = 422;
        Tail = null;
        return Page();
    }

    public async Task<IActionResult> OnPostCodeAsync()
    {
        await mediator.Send(new SendCode { Token = Token });
        return LocalRedirect("/p/" + Token);
    }

    [BindProperty]
    public string? Text { get; set; }

    /// <summary>What was just done on another page: "address".</summary>
    [BindProperty(SupportsGet = true)]
    public string? Said { get; set; }

    public async Task<IActionResult> OnPostAskAsync()
    {
        if (Identified)
            await mediator.Send(new WriteToCourt { Token = Token, Text = Text ?? "" });
        return LocalRedirect($"/p/{Token}?said=asked#ask");
    }

    public async Task<IActionResult> OnPostConfirmAsync() => await ActAsync(false);

    public async Task<IActionResult> OnPostNotMeAsync() => await ActAsync(true);

    private async Task<IActionResult> ActAsync(bool notMe)
    {
        if (Identified)
            await mediator.Send(new Confirm { Token = Token, NotMe = notMe });
        return LocalRedirect("/p/" + Token);
    }
}
