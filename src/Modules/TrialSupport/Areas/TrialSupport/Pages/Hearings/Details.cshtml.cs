using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.TrialSupport.Hearings;
using CourtOps.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Hearings;

/// <summary>One hearing: confirm, move, cancel, and what became of it.</summary>
[Permit("trial.read")]
internal sealed class Details(IMediator mediator, Texts t) : PageModel, IReload
{
    private static readonly Dictionary<string, string> Names = new()
    {
        ["booked"] = "暂订",
        ["confirmed"] = "确认",
        ["moved"] = "改期",
        ["cancelled"] = "取消",
        ["held"] = "已开庭",
        ["adjourned"] = "延期审理",
        ["made-open"] = "决定公开审理",
        ["made-closed"] = "决定不公开审理",
        ["consent"] = "在线开庭的同意",
        ["drawn"] = "抽取人民陪审员",
        ["replaced"] = "递补人民陪审员",
        ["substituted"] = "更换合议庭成员",
    };

    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public int? Version { get; set; }

    [BindProperty]
    public DateTime? Start { get; set; }

    [BindProperty]
    public long? RoomId { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    [BindProperty]
    public string? Outcome { get; set; }

    [BindProperty]
    public string? Attendance { get; set; }

    [BindProperty]
    public string? Ground { get; set; }

    [BindProperty]
    public DateOnly? Next { get; set; }

    [BindProperty]
    public string? Approved { get; set; }

    [BindProperty]
    public bool? Public { get; set; }

    [BindProperty]
    public long? OutId { get; set; }

    [BindProperty]
    public long? InId { get; set; }

    [BindProperty]
    public bool Agreed { get; set; }

    public ShowHearing.Result Show { get; private set; } = null!;

    public bool Refused => !ModelState.IsValid;

    public IReadOnlyList<Option> Rooms => [.. Show.Rooms.Select(r => new Option($"{r.Id}", r.Name))];

    public IReadOnlyList<Option> PanelOptions => [.. Show.People.Where(p => p.Part == "panel").Select(p => new Option($"{p.PersonId}", p.Name))];

    public IReadOnlyList<Option> Others => [.. Show.Judges.Where(j => Show.People.All(p => p.PersonId != j.Id)).Select(j => new Option($"{j.Id}", j.Name))];

    public IReadOnlyList<Option> Outcomes { get; } = [new("ended", "已开庭，庭审结束"), new("adjourned", "延期审理")];

    public static string EventName(string kind) => Names.GetValueOrDefault(kind, kind);

    public string Verdict(ShowHearing.Told told) =>
        told.Verdict switch
        {
            null => t["还没有送达"],
            NoticeVerdict.InTime => t["足三个整日"],
            NoticeVerdict.OnlyLenient => t["只有送达当日也算才够三日，建议改期或者取得书面同意"],
            _ => t["不足三日：须改期，除非当事人书面放弃"],
        };

    public async Task OnGetAsync()
    {
        await ReloadAsync();
        Start = Times.Local(Show.Hearing.StartsAt).DateTime;
        RoomId = Show.Hearing.RoomId;
    }

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowHearing { Id = Id });

    public async Task<IActionResult> OnPostConfirmAsync()
    {
        await mediator.Send(new ConfirmHearing { Id = Id, Version = Version });
        return this.Done($"/trial/hearings/{Id}", t["庭期已确认"]);
    }

    public async Task<IActionResult> OnPostMoveAsync()
    {
        await mediator.Send(
            new MoveHearing
            {
                Id = Id,
                Version = Version,
                Start = Start,
                RoomId = RoomId,
                Reason = Reason?.Trim() ?? "",
                Ground = Ground ?? "",
                Approved = Approved?.Trim() ?? "",
                Agreed = Agreed,
            }
        );
        return this.Done($"/trial/hearings/{Id}", t["已改期"]);
    }

    public async Task<IActionResult> OnPostSubstituteAsync()
    {
        await mediator.Send(
            new SubstituteJudge
            {
                Id = Id,
                Version = Version,
                OutId = OutId ?? 0,
                InId = InId ?? 0,
                Reason = Reason?.Trim() ?? "",
            }
        );
        return this.Done($"/trial/hearings/{Id}", t["已更换，请在三日内告知当事人"]);
    }

    public async Task<IActionResult> OnPostOpenAsync()
    {
        await mediator.Send(
            new DecideOpenness
            {
                Id = Id,
                Version = Version,
                Open = Public,
                Reason = Reason?.Trim() ?? "",
            }
        );
        return this.Done($"/trial/hearings/{Id}", t["已决定"]);
    }

    public async Task<IActionResult> OnPostCancelAsync()
    {
        await mediator.Send(
            new CancelHearing
            {
                Id = Id,
                Version = Version,
                Reason = Reason?.Trim() ?? "",
            }
        );
        return this.Done($"/trial/hearings/{Id}", t["庭审已取消"]);
    }

    public async Task<IActionResult> OnPostHoldAsync()
    {
        await mediator.Send(
            new HoldHearing
            {
                Id = Id,
                Version = Version,
                Outcome = Outcome ?? "",
                Attendance = Attendance?.Trim() ?? "",
                Ground = Ground ?? "",
                Next = Next,
                Approved = Approved?.Trim() ?? "",
                Agreed = Agreed,
            }
        );
        return this.Done($"/trial/hearings/{Id}", t["已登记"]);
    }
}
