using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Notices;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Notices;

/// <summary>Whether and when a mail with the number of unread notices is sent.</summary>
[Permit(PermitAttribute.SignedIn)]
internal sealed class Settings(IMediator mediator, Texts texts) : PageModel, IReload
{
    [BindProperty]
    public Command Data { get; set; } = new();

    public string? Hint { get; private set; }

    public async Task OnGetAsync()
    {
        var now = await mediator.Send(new Query());
        (Data, Hint) = (now.Form, now.Hint);
    }

    public async Task<IActionResult> OnPostAsync()
    {
        await mediator.Send(Data);
        return this.Done("/notices/settings", texts["已保存"]);
    }

    public async Task ReloadAsync() => Hint = (await mediator.Send(new Query())).Hint;

    [Permit(PermitAttribute.SignedIn)]
    internal sealed record Query : IQuery<Result>;

    internal sealed record Result(Command Form, string? Hint);

    [Permit(PermitAttribute.SignedIn)]
    [Audited("workzone.digest.save")]
    internal sealed record Command : ICommand
    {
        public string Pace { get; init; } = DigestTimes.Off;

        /// <summary>Empty keeps the address there is.</summary>
        public string? Email { get; init; }
        public int DailyHour { get; init; } = 8;
        public int QuietFrom { get; init; } = 20;
        public int QuietTo { get; init; } = 8;
    }

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(c => c.Pace).Must(p => p is DigestTimes.Off or DigestTimes.Hourly or DigestTimes.Daily).WithMessage("请选择多久发一次。");
            RuleFor(c => c.Email)
                .Must(e => Written.IsEmail(Written.Email(e)))
                .When(c => !string.IsNullOrWhiteSpace(c.Email))
                .WithMessage("电子邮箱不合格式。")
                .MaximumLength(200)
                .WithMessage("电子邮箱太长。");
            RuleFor(c => c.DailyHour).InclusiveBetween(0, 23).WithMessage("钟点应在 0 到 23 之间。");
            RuleFor(c => c.QuietFrom).InclusiveBetween(0, 23).WithMessage("钟点应在 0 到 23 之间。");
            RuleFor(c => c.QuietTo).InclusiveBetween(0, 23).WithMessage("钟点应在 0 到 23 之间。");
        }
    }

    private sealed record Row
    {
        public string Pace { get; init; } = "";
        public string? EmailHint { get; init; }
        public int DailyHour { get; init; }
        public int QuietFrom { get; init; }
        public int QuietTo { get; init; }
    }

    internal sealed class Reading(Db db, Actor actor) : IQueryHandler<Query, Result>
    {
        public async Task<Result> Handle(Query request, CancellationToken cancellationToken)
        {
            var row = await db.FirstAsync<Row>(
                "SELECT d.pace, d.email_hint, d.daily_hour, d.quiet_from, d.quiet_to FROM workzone_digest d WHERE d.person_id = @Id",
                new { actor.Id },
                cancellationToken
            );
            return row is null
                ? new Result(new Command(), null)
                : new Result(
                    new Command
                    {
                        Pace = row.Pace,
                        DailyHour = row.DailyHour,
                        QuietFrom = row.QuietFrom,
                        QuietTo = row.QuietTo,
                    },
                    row.EmailHint
                );
        }
    }

    internal sealed class Handler(Db db, Actor actor, Secrets secrets, TimeProvider clock, AuditTrail audit) : CommandHandler<Command>
    {
        protected override async Task RunAsync(Command command, CancellationToken ct)
        {
            var email = command.Email is null ? null : Written.Email(command.Email);
            var at = email?.IndexOf('@', StringComparison.Ordinal) ?? 0;
            var args = new
            {
                actor.Id,
                command.Pace,
                email = secrets.Protect(email),
                hint = string.IsNullOrEmpty(email) ? null : email[..Math.Min(2, at)] + "***" + email[at..][..Math.Min(40, email.Length - at)],
                command.DailyHour,
                command.QuietFrom,
                command.QuietTo,
                due = DigestTimes.Next(command.Pace, command.DailyHour, command.QuietFrom, command.QuietTo, clock.GetUtcNow()),
                last = await db.ScalarAsync<long?>("SELECT MAX(n.id) FROM workzone_notice n WHERE n.person_id = @Id", new { actor.Id }, ct) ?? 0,
            };
            if (
                command.Pace != DigestTimes.Off
                && args.email is null
                && await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_digest d WHERE d.person_id = @Id AND d.email_enc IS NOT NULL", args, ct) == 0
            )
                throw new RuleBroken("请填写电子邮箱。", "Email");
            if (
                await db.ExecuteAsync(
                    "UPDATE workzone_digest SET pace = @Pace, email_enc = COALESCE(@email, email_enc), email_hint = COALESCE(@hint, email_hint), "
                        + "daily_hour = @DailyHour, quiet_from = @QuietFrom, quiet_to = @QuietTo, due_at = @due, version = version + 1 WHERE person_id = @Id",
                    args,
                    ct
                ) == 0
            )
                await db.ExecuteAsync(
                    "INSERT INTO workzone_digest (person_id, pace, email_enc, email_hint, daily_hour, quiet_from, quiet_to, due_at, sent_up_to, "
                        + "version) VALUES (@Id, @Pace, @email, @hint, @DailyHour, @QuietFrom, @QuietTo, @due, @last, 1)",
                    args,
                    ct
                );
            audit.Note("digest", actor.Id, new { command.Pace });
        }
    }
}
