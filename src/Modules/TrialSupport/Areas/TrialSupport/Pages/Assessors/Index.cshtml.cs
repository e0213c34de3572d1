using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Assessors;
using CourtOps.TrialSupport.Helpers;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace CourtOps.TrialSupport.Pages.Assessors;

/// <summary>The assessors of the court, kept by the lead of the centre.</summary>
[Permit("trial.read")]
internal sealed class Index(IMediator mediator, Texts t) : HelperPage(t)
{
    [BindProperty]
    public string? Field { get; set; }

    public override string? Known
    {
        get => Field;
        set => Field = value;
    }

    public override string KnownName => nameof(Field);

    public override string Here => "/trial/assessors";

    public override string Right => "trial.assessors";

    public override string Title => "人民陪审员";

    public override string Sub => "名单、专业、请假和本年参审件数；在庭审页面随机抽取";

    public override string Empty => "还没有人民陪审员。由审判保障中心负责人在下面加入。";

    public override string KnownLabel => "专业";

    public override string KnownHint => "医疗、建筑、会计等；要求专业人员时只在同一专业里抽取。";

    public override int KnownMost => 60;

    public override bool KnownRequired => false;

    public override string ExtraLabel => "本年参审";

    protected override async Task<(IReadOnlyList<HelperShown> Rows, IReadOnlyList<HelperAway> Away)> ReadAsync() =>
        await mediator.Send(new ListAssessors()) is var l
            ? ([.. l.Rows.Select(a => new HelperShown(a.Id, a.Name, a.Field, a.Cases, a.Note, a.Active, a.Version))], l.Away)
            : ([], []);

    protected override Task SaveAsync(HelperEntry entry) =>
        mediator.Send(
            new SaveAssessor
            {
                Id = entry.Id,
                Version = entry.Version,
                Name = entry.Name,
                Field = entry.Known,
                Note = entry.Note,
                Active = entry.Active,
            }
        );

    protected override Task LeaveAsync() =>
        mediator.Send(
            new AssessorLeave
            {
                Id = HelperId,
                From = From,
                Until = Until,
                Reason = Reason ?? "",
            }
        );
}
