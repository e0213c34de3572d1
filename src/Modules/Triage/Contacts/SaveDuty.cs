using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Filings;
using CourtOps.Workzone.People;
using FluentValidation;

namespace CourtOps.Triage.Contacts;

/// <summary>Who is on duty (值班主任) on the days of a span.</summary>
[Permit("triage.duty")]
[Audited("triage.duty.save")]
internal sealed record SaveDuty : ICommand
{
    public DateOnly? From { get; init; }
    public DateOnly? Until { get; init; }
    public string Person { get; init; } = "";
    public string Phone { get; init; } = "";

    internal sealed class Validator : AbstractValidator<SaveDuty>
    {
        public Validator()
        {
            RuleFor(c => c.From).NotNull().WithMessage("请填写起日。");
            RuleFor(c => c)
                .Must(c => c.Until is null || (c.Until >= c.From && c.Until?.DayNumber - c.From?.DayNumber <= 62))
                .WithName("Until")
                .WithMessage("止日不早于起日，一次最多排两个月。");
            RuleFor(c => c.Person).NotEmpty().WithMessage("请选择值班的人。");
            RuleFor(c => c.Phone).Must(PartyReading.IsPhone).WithMessage("电话应为手机号或带区号的固定电话，只填数字。");
        }
    }

    internal sealed class Handler(Db db, Actor actor, IPeople people, AuditTrail audit) : CommandHandler<SaveDuty>
    {
        protected override async Task RunAsync(SaveDuty command, CancellationToken ct)
        {
            if (command.From is { Year: < 2000 or > 2100 })
                throw new RuleBroken("日期应在 2000 年至 2100 年之间。", "From");
            var person =
                (await people.WithRolesAsync(actor.CourtId, ["leader", "lead:triage", "clerk:triage", "judge"], ct)).FirstOrDefault(p =>
                    p.Login == command.Person || p.Name == command.Person
                ) ?? throw new RuleBroken("本院没有这个人，或者他不能值班。", "Person");
            var away = await people.AwayAsync([person.Id], command.From!.Value, command.Until ?? command.From.Value, ct);
            if (away.Count > 0)
                throw new RuleBroken($"{person.Name} 在 {Times.Iso(away[0].FromOn)} 至 {Times.Iso(away[0].UntilOn)} 请假，请另选。", "Person", "away");
            for (var day = command.From.Value; day <= (command.Until ?? command.From.Value); day = day.AddDays(1))
            {
                var args = new
                {
                    court = actor.CourtId,
                    day,
                    person.Id,
                    person.Name,
                    phone = PartyReading.Phone(command.Phone),
                };
                if (
                    await db.ExecuteAsync(
                        "UPDATE triage_duty SET person_id = @Id, person_name = @Name, phone = @phone WHERE court_id = @court AND on_day = @day",
                        args,
                        ct
                    ) == 0
                )
                    await db.ExecuteAsync(
                        "INSERT INTO triage_duty (court_id, on_day, person_id, person_name, phone) VALUES (@court, @day, @Id, @Name, @phone)",
                        args,
                        ct
                    );
            }
            audit.Note(
                "court",
                actor.CourtId,
                new
                {
                    command.From,
                    command.Until,
                    person.Name,
                }
            );
        }
    }
}
