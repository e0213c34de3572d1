using System.Text.Json;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Rights;
using OtpNet;

namespace CourtOps.Workzone.People;

/// <summary>What the page of the second factor shows.</summary>
/// <param name="Uri">For the authenticator, as a QR code; null once it is confirmed.</param>
public sealed record SecondFactorState(bool Confirmed, string? Key, string? Uri, int RecoveryLeft);

/// <summary>Time-based codes (RFC 6238), six digits, thirty seconds; one code counts once.</summary>
public interface ISecondFactor
{
    /// <summary>Begins, or shows what was begun.</summary>
    Task<SecondFactorState> ShowAsync();

    /// <summary>The first code of the authenticator. Returns the recovery codes; they are shown this once.</summary>
    Task<IReadOnlyList<string>> ConfirmAsync(string code);

    /// <summary>The code at sign-in, or a recovery code.</summary>
    Task CheckAsync(string code);
}

internal sealed class SecondFactor(MediatR.IMediator mediator) : ISecondFactor
{
    public Task<SecondFactorState> ShowAsync() => mediator.Send(new ShowSecondFactor());

    public Task<IReadOnlyList<string>> ConfirmAsync(string code) => mediator.Send(new ConfirmSecondFactor { Code = code });

    public async Task CheckAsync(string code)
    {
        // a wrong code is counted, and a count must outlive the refusal
        if (await mediator.Send(new CheckSecondFactor { Code = code }) is { } refusal)
            throw new RuleBroken(refusal, "Code");
    }

    /// <summary>The step the code belongs to, one step before and after allowed; null when it is wrong.</summary>
    internal static long? StepOf(byte[] key, string code, DateTimeOffset now) =>
        code.Length == 6 && code.All(char.IsAsciiDigit) && new Totp(key).VerifyTotp(now.UtcDateTime, code, out var step, new VerificationWindow(1, 1))
            ? step
            : null;

    internal static string Clean(string code) => new([.. code.Where(c => !char.IsWhiteSpace(c) && c != '-')]);
}

/// <summary>Begins the set-up: a key is made and shown until its first code has come.</summary>
[Permit(PermitAttribute.SignedIn)]
[Audited("workzone.second-factor.begin")]
internal sealed record ShowSecondFactor : ICommand<SecondFactorState>
{
    internal sealed class Handler(Db db, Actor actor, Secrets secrets, AuditTrail audit) : ICommandHandler<ShowSecondFactor, SecondFactorState>
    {
        public async Task<SecondFactorState> Handle(ShowSecondFactor request, CancellationToken cancellationToken)
        {
            var row = await FactorRow.FindAsync(db, actor.Id, cancellationToken);
            if (row?.ConfirmedAt is not null)
                return new SecondFactorState(true, null, null, row.Codes.Count);
            var key = row is null ? Base32Encoding.ToString(KeyGeneration.GenerateRandomKey(20)) : secrets.Reveal(row.SecretEnc)!;
            if (row is null)
            {
                await db.ExecuteAsync(
                    "INSERT INTO workzone_second_factor (person_id, secret_enc, last_step, failed, recovery) VALUES (@Id, @secret, 0, 0, '[]')",
                    new { actor.Id, secret = secrets.Protect(key) },
                    cancellationToken
                );
                audit.Note("person", actor.Id, new { secondFactor = "begun" });
            }
            return new SecondFactorState(false, key, $"otpauth://totp/CourtOps:{Uri.EscapeDataString(actor.Login)}?secret={key}&issuer=CourtOps", 0);
        }
    }
}

[Permit(PermitAttribute.SignedIn)]
[Audited("workzone.second-factor.confirm")]
internal sealed record ConfirmSecondFactor : ICommand<IReadOnlyList<string>>
{
    public string Code { get; init; } = "";

    internal sealed class Handler(Db db, Actor actor, Secrets secrets, TimeProvider clock, Sessions sessions, AuditTrail audit)
        : ICommandHandler<ConfirmSecondFactor, IReadOnlyList<string>>
    {
        public async Task<IReadOnlyList<string>> Handle(ConfirmSecondFactor request, CancellationToken cancellationToken)
        {
            var row = await FactorRow.FindAsync(db, actor.Id, cancellationToken);
            if (row is null || row.ConfirmedAt is not null)
                throw new RuleBroken("第二因素已经设好，或还没有开始设置。", code: "state");
            var now = clock.GetUtcNow();
            var step =
                SecondFactor.StepOf(Base32Encoding.ToBytes(secrets.Reveal(row.SecretEnc)), SecondFactor.Clean(request.Code), now)
                ?? throw new RuleBroken("动态码不对。请核对手机时间，输入当前显示的六位数字。", "Code");
            var codes = Enumerable.Range(0, 8).Select(_ => OneTime.NewHalf()).ToList();
            await db.ExecuteAsync(
                "UPDATE workzone_second_factor SET confirmed_at = @now, last_step = @step, failed = 0, recovery = @recovery WHERE person_id = @Id",
                new
                {
                    actor.Id,
                    now,
                    step,
                    recovery = JsonSerializer.Serialize(codes.Select(c => secrets.Keyed("recovery", SecondFactor.Clean(c))), Json.Stored),
                },
                cancellationToken
            );
            await sessions.PassAsync(actor.Channel, SessionStep.Enrol, cancellationToken);
            audit.Note("person", actor.Id, new { secondFactor = "confirmed" });
            return codes;
        }
    }
}

/// <summary>Returns why it was refused, or null. Wrong codes are counted with the same lock as passwords.</summary>
[Permit(PermitAttribute.SignedIn)]
[Audited("workzone.second-factor.check")]
internal sealed record CheckSecondFactor : ICommand<string?>
{
    public string Code { get; init; } = "";

    internal sealed class Handler(Db db, Actor actor, Secrets secrets, TimeProvider clock, Sessions sessions, PolicyBook policies, AuditTrail audit)
        : ICommandHandler<CheckSecondFactor, string?>
    {
        public async Task<string?> Handle(CheckSecondFactor request, CancellationToken cancellationToken)
        {
            var row = await FactorRow.FindAsync(db, actor.Id, cancellationToken);
            if (row?.ConfirmedAt is null)
                return "还没有设置第二因素。";
            var now = clock.GetUtcNow();
            if (row.LockedUntil > now)
                return $"动态码连续输错，锁定至 {Kernel.Web.Times.Full(row.LockedUntil.Value)}。";
            var code = SecondFactor.Clean(request.Code);
            var step = SecondFactor.StepOf(Base32Encoding.ToBytes(secrets.Reveal(row.SecretEnc)), code, now);
            if (step > row.LastStep)
            {
                await db.ExecuteAsync(
                    "UPDATE workzone_second_factor SET last_step = @step, failed = 0, locked_until = NULL WHERE person_id = @Id AND last_step < @step",
                    new { actor.Id, step },
                    cancellationToken
                );
                return await PassAsync("code", cancellationToken);
            }
            if (row.Codes.FirstOrDefault(c => secrets.SameKeyed(c, "recovery", code)) is { } used)
            {
                await db.ExecuteAsync(
                    "UPDATE workzone_second_factor SET recovery = @left, failed = 0, locked_until = NULL WHERE person_id = @Id",
                    new { actor.Id, left = JsonSerializer.Serialize(row.Codes.Where(c => c != used), Json.Stored) },
                    cancellationToken
                );
                return await PassAsync("recovery", cancellationToken);
            }
            var policy = await policies.CurrentAsync(cancellationToken);
            var failed = row.Failed + 1;
            DateTimeOffset? until = failed >= policy.TriesBeforeLock ? now.AddMinutes(policy.LockMinutes) : null;
            await db.ExecuteAsync(
                "UPDATE workzone_second_factor SET failed = @failed, locked_until = @until WHERE person_id = @Id",
                new
                {
                    actor.Id,
                    failed = until is null ? failed : 0,
                    until,
                },
                cancellationToken
            );
            audit.Note("person", actor.Id, new { secondFactor = step is null ? "wrong" : "used-before" }, refused: true);
            return step is null ? "动态码不对。输入验证器当前的六位数字，或一个恢复码。" : "这个动态码已经用过，请等下一个。";
        }

        private async Task<string?> PassAsync(string by, CancellationToken ct)
        {
            await sessions.PassAsync(actor.Channel, SessionStep.Code, ct);
            audit.Note("person", actor.Id, new { secondFactor = by });
            return null;
        }
    }
}

internal sealed record FactorRow
{
    public string SecretEnc { get; init; } = "";
    public DateTimeOffset? ConfirmedAt { get; init; }
    public long LastStep { get; init; }
    public int Failed { get; init; }
    public DateTimeOffset? LockedUntil { get; init; }
    public string Recovery { get; init; } = "[]";

    public IReadOnlyList<string> Codes => JsonSerializer.Deserialize<List<string>>(Recovery, Json.Stored)!;

    public static Task<FactorRow?> FindAsync(Db db, long personId, CancellationToken ct) =>
        db.FirstAsync<FactorRow>(
            "SELECT secret_enc, confirmed_at, last_step, failed, locked_until, recovery FROM workzone_second_factor WHERE person_id = @personId",
            new { personId },
            ct
        );
}
