using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Helpers;
using CourtOps.TrialSupport.Interpreters;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace CourtOps.TrialSupport.Pages.Interpreters;

/// <summary>The interpreters of the court, kept by the lead of the centre.</summary>
[Permit("trial.read")]
internal sealed class Index(IMediator mediator, Texts t) : HelperPage(t)
{
    [BindProperty]
    public string? Languages { get; set; }

    public override string? Known
    {
        get => Languages;
        set => Languages = value;
    }

    public override string KnownName => nameof(Languages);

    public override string Here => "/trial/interpreters";

    public override string Right => "trial.interpreters";

    public override string Title => "翻译人员";

    public override string Sub => "名单、语言和请假；排期时写明语言，系统安排有空的翻译";

    public override string Empty => "还没有翻译人员。由审判保障中心负责人在下面加入。";

    public override string KnownLabel => "语言";

    public override string KnownHint => "几种的用顿号分开，如：朝鲜语、手语。";

    public override int KnownMost => 200;

    public override bool KnownRequired => true;

    protected override async Task<(IReadOnlyList<HelperShown> Rows, IReadOnlyList<HelperAway> Away)> ReadAsync() =>
        await mediator.Send(new ListInterpreters()) is var l
            ? ([.. l.Rows.Select(a => new HelperShown(a.Id, a.Name, a.Languages, null, a.Note, a.Active, a.Version))], l.Away)
            : ([], []);

    protected override Task SaveAsync(HelperEntry entry) =>
        mediator.Send(
            new SaveInterpreter
            {
                Id = entry.Id,
                Version = entry.Version,
                Name = entry.Name,
                Languages = entry.Known,
                Note = entry.Note,
                Active = entry.Active,
            }
        );

    protected override Task LeaveAsync() =>
        mediator.Send(
            new InterpreterLeave
            {
                Id = HelperId,
                From = From,
                Until = Until,
                Reason = Reason ?? "",
            }
        );
}
