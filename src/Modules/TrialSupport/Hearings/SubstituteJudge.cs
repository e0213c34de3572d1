using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using FluentValidation;

namespace CourtOps.TrialSupport.Hearings;

/// <summary>
/// Another judge sits in the panel of a hearing in place of one who cannot come; day and room stay. The judge of the case is changed by allotment, not here;
/// the parties are told of the new panel within three days (民诉法 131).
/// </summary>
[Permit("trial.schedule")]
[Audited("trial.hearing.substitute")]
internal sealed record SubstituteJudge : ICommand<Hearing>
{
    public long Id { get; init; }
    public int? Version { get; init; }
    public long OutId { get; init; }
    public long InId { get; init; }
    public string Reason { get; init; } = "";

    internal sealed class Validator : AbstractValidator<SubstituteJudge>
    {
        public Validator()
        {
            RuleFor(c => c.OutId).NotEmpty().WithMessage("请选择换下的合议庭成员。");
            RuleFor(c => c.InId).NotEmpty().WithMessage("请选择换上的法官。");
            RuleFor(c => c.Reason).NotEmpty().WithMessage("请写明更换的原因。").MaximumLength(400).WithMessage("原因最长 400 个字符。");
        }
    }

    internal sealed class Handler(HearingActs acts, HearingBook book, Docket docket, AuditTrail audit) : ICommandHandler<SubstituteJudge, Hearing>
    {
        public async Task<Hearing> Handle(SubstituteJudge request, CancellationToken cancellationToken)
        {
            var was = await acts.OpenAsync(request.Id, request.Version, cancellationToken);
            if (!was.IsLive)
                throw new RuleBroken("这次庭审已经结束或者取消，不能更换合议庭成员。", "OutId", "state");
            var wish = await acts.WishAsync(was, was.Minutes, was.HeldOn, cancellationToken);
            if (!wish.Panel.Contains(request.OutId))
                throw new NotFound("合议庭成员", request.OutId);
            if (wish.Panel.Contains(request.InId))
                throw new RuleBroken("换上的法官已在合议庭中。", "InId", "there");
            var looked = await docket.LookAsync(wish with { Panel = [.. wish.Panel.Where(id => id != request.OutId), request.InId] }, cancellationToken);
            var fresh = looked.People.FirstOrDefault(p => p.Part == "panel" && p.PersonId == request.InId);
            if (fresh is null)
                throw new RuleBroken("承办法官不能再作为合议庭其他成员。", "InId", "judge");
            if (looked.Ask.People.Any(p => p.Resource == fresh.Resource && p.Away.Any(a => a.From <= was.HeldOn && was.HeldOn <= a.Until)))
                throw new RuleBroken($"{fresh.Name}当日请假。", "InId", "away");
            var now = await book.MoveAsync(
                was,
                HearingStep.Seat,
                cancellationToken,
                "panel = @panel",
                new
                {
                    was.Id,
                    was.Version,
                    panel = HearingBook.PanelOf(looked.People),
                }
            );
            IReadOnlyList<Attendee> people = wish.Interpreter is { } interpreter ? [.. looked.People, interpreter] : looked.People;
            await book.AttendAsync(was.Id, people, cancellationToken);
            await book.BookAsync(was.Id, was.RoomId, was.RoomName, was.StartsAt, was.Minutes, people, cancellationToken);
            await book.NoteAsync(was.Id, "substituted", $"{was.Panel} → {now.Panel}：{request.Reason.Trim()}", cancellationToken);
            audit.Note("hearing", was.Id, new { request.OutId, request.InId }, was.CaseId, request.Reason.Trim());
            return now;
        }
    }
}
