using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using FluentValidation;
using FluentValidation.Results;

namespace CourtOps.Kernel.Settings;

/// <summary>A version as people see it.</summary>
public sealed record SettingVersion
{
    internal const string Select =
        "SELECT v.id, v.setting_key, v.court_id, v.version, v.state, v.inherits, v.body, v.from_date, v.effective_at, v.reason, v.back_of, "
        + "v.asked_by, v.asked_by_name, v.asked_at, v.decided_by, v.decided_by_name, v.decided_at, v.words FROM kernel_setting_version v";

    public long Id { get; init; }
    public string SettingKey { get; init; } = "";

    /// <summary>0 for all courts.</summary>
    public long CourtId { get; init; }
    public int Version { get; init; }

    /// <summary>set, pending, refused or withdrawn.</summary>
    public string State { get; init; } = "";

    /// <summary>True where the court gave up its own value for the inherited one.</summary>
    public bool Inherits { get; init; }
    public string Body { get; init; } = "";

    /// <summary>The day asked for; null for at once.</summary>
    public DateOnly? FromDate { get; init; }

    /// <summary>From when it counts; null until it is confirmed.</summary>
    public DateTimeOffset? EffectiveAt { get; init; }
    public string Reason { get; init; } = "";
    public int? BackOf { get; init; }
    public long AskedBy { get; init; }
    public string AskedByName { get; init; } = "";
    public DateTimeOffset AskedAt { get; init; }
    public long? DecidedBy { get; init; }
    public string? DecidedByName { get; init; }
    public DateTimeOffset? DecidedAt { get; init; }
    public string Words { get; init; } = "";
}

/// <summary>What is to be set.</summary>
/// <param name="Value">Null gives the court's own value up for the inherited one.</param>
/// <param name="From">The first day it counts, in Shanghai; null and today mean at once.</param>
/// <param name="Seen">The newest version of this court that was seen; 0 where there was none.</param>
public sealed record SettingChange(SettingDefinition Setting, long CourtId, object? Value, DateOnly? From, string Reason, int Seen, int? BackOf = null)
{
    /// <summary>It comes from the page that has the setting's own procedure.</summary>
    public bool FromItsPage { get; init; }
}

/// <summary>Versions of settings, in the command's transaction. Who may is the caller's question.</summary>
public sealed class SettingBook(Db db, Ids ids, TimeProvider clock, Actor actor, SettingStore store)
{
    private static readonly TimeSpan Shanghai = TimeSpan.FromHours(8);

    public Task<IReadOnlyList<SettingVersion>> HistoryAsync(string key, long courtId, CancellationToken ct) =>
        db.QueryAsync<SettingVersion>(
            SettingVersion.Select + " WHERE v.setting_key = @key AND v.court_id = @courtId ORDER BY v.version DESC",
            new { key, courtId },
            ct
        );

    public Task<SettingVersion?> FindAsync(long id, CancellationToken ct) =>
        db.FirstAsync<SettingVersion>(SettingVersion.Select + " WHERE v.id = @id", new { id }, ct);

    /// <summary>What waits for a second person, oldest first.</summary>
    public Task<IReadOnlyList<SettingVersion>> PendingAsync(CancellationToken ct) =>
        db.PageAsync<SettingVersion>(SettingVersion.Select + " WHERE v.state = 'pending' ORDER BY v.asked_at, v.id", null, 500, ct);

    /// <summary>Writes the next version: in force from its day, or waiting for a second person where the setting asks for one. Returns its id.</summary>
    /// <exception cref="ValidationException">A field is wrong, or laxer than law.</exception>
    /// <exception cref="Conflict">Somebody else was quicker.</exception>
    public async Task<long> SaveAsync(SettingChange change, CancellationToken ct)
    {
        var (setting, now) = (change.Setting, clock.GetUtcNow());
        var today = DateOnly.FromDateTime(now.ToOffset(Shanghai).DateTime);
        Demand(change, today);
        var history = await HistoryAsync(setting.Key, change.CourtId, ct);
        if (history.Count > 0 && history[0].Version != change.Seen)
            throw new Conflict(
                $"“{setting.Label}”刚被 {history[0].AskedByName} 改过（第 {history[0].Version} 版）。您填的内容还在，请核对后再保存。",
                history[0].AskedByName,
                history[0].AskedAt
            );
        if (history.FirstOrDefault(v => v.State == "pending") is { } waiting)
            throw new RuleBroken(
                $"第 {waiting.Version} 版在等第二人确认，请先确认、退回或撤回。",
                code: "pending",
                wayOut: $"/settings/{setting.Key}?court={change.CourtId}"
            );
        if (change.From is { } day && day > today && history.Any(v => v.State == "set" && v.FromDate == day))
            throw new RuleBroken($"已有一版自 {FieldText.Of(day)} 起生效，请先撤回它，或换一个生效日。", "From", "overlap");
        var from = change.From is { } d && d > today ? change.From : null;
        var effective = from is { } later ? new DateTimeOffset(later.ToDateTime(TimeOnly.MinValue), Shanghai).ToUniversalTime() : now;
        var body = change.Value is null ? "{}" : setting.Write(change.Value);
        var before = store.Find(setting, change.CourtId, effective);
        if (change.Value is not null && before.Source.CourtId == change.CourtId && setting.Write(before.Value) == body)
            throw new RuleBroken("与届时生效的值相同，没有变更。", "Value", "same");
        if (change.Value is null && before.Source.CourtId != change.CourtId)
            throw new RuleBroken("本院没有自己的值，已在沿用上级。", "Value", "same");
        var id = ids.Next();
        try
        {
            await db.ExecuteAsync(
                """
                INSERT INTO kernel_setting_version (id, setting_key, court_id, version, state, inherits, body, from_date, effective_at, reason, back_of,
                    asked_by, asked_by_name, asked_at, words)
                VALUES (@id, @Key, @CourtId, @version, @state, @inherits, @body, @from, @effective, @reason, @BackOf, @by, @name, @now, '')
                """,
                new
                {
                    id,
                    setting.Key,
                    change.CourtId,
                    version = change.Seen + 1,
                    state = setting.TwoPersons ? "pending" : "set",
                    inherits = change.Value is null,
                    body,
                    from,
                    effective = setting.TwoPersons ? (DateTimeOffset?)null : effective,
                    reason = change.Reason.Trim(),
                    change.BackOf,
                    by = actor.Id,
                    name = actor.Name,
                    now,
                },
                ct
            );
        }
        catch (Exception e) when (db.Dialect.IsDuplicate(e))
        {
            throw new Conflict($"“{setting.Label}”刚被他人改过，请核对后再保存。");
        }
        await store.TouchAsync(db, ct);
        return id;
    }

    /// <summary>The second person confirms or refuses. What is confirmed after its day counts at once.</summary>
    public async Task<SettingVersion> DecideAsync(SettingVersion version, bool confirm, string words, CancellationToken ct)
    {
        if (version.State != "pending")
            throw new Conflict("这一版已经处理过了。", version.DecidedByName, version.DecidedAt);
        if (version.AskedBy == actor.Id)
            throw new Forbidden("settings.confirm", "须由申请人之外的人确认。");
        if (!confirm && string.IsNullOrWhiteSpace(words))
            throw new RuleBroken("请写明不同意的理由。", "Words");
        if (words.Length > 400)
            throw new RuleBroken("理由最长 400 个字符。", "Words");
        var now = clock.GetUtcNow();
        var midnight = version.FromDate is { } day ? new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), Shanghai).ToUniversalTime() : now;
        var decided = version with
        {
            State = confirm ? "set" : "refused",
            EffectiveAt = confirm
                ? midnight > now
                    ? midnight
                    : now
                : null,
            DecidedBy = actor.Id,
            DecidedByName = actor.Name,
            DecidedAt = now,
            Words = words.Trim(),
        };
        if (
            await db.ExecuteAsync(
                "UPDATE kernel_setting_version SET state = @State, effective_at = @EffectiveAt, decided_by = @DecidedBy, decided_by_name = "
                    + "@DecidedByName, decided_at = @DecidedAt, words = @Words WHERE id = @Id AND state = 'pending'",
                decided,
                ct
            ) == 0
        )
            throw new Conflict("这一版刚被他人处理。");
        await store.TouchAsync(db, ct);
        return decided;
    }

    /// <summary>Takes back what waits for a second person or for its day.</summary>
    public async Task WithdrawAsync(SettingVersion version, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (
            await db.ExecuteAsync(
                "UPDATE kernel_setting_version SET state = 'withdrawn', decided_by = @me, decided_by_name = @name, decided_at = @now WHERE id = @Id "
                    + "AND (state = 'pending' OR (state = 'set' AND effective_at > @now))",
                new
                {
                    version.Id,
                    me = actor.Id,
                    name = actor.Name,
                    now,
                },
                ct
            ) == 0
        )
            throw new RuleBroken("这一版已经生效或已处理，不能撤回；可以恢复到以前的版本。", code: "in-force");
        await store.TouchAsync(db, ct);
    }

    private void Demand(SettingChange change, DateOnly today)
    {
        if (change.Setting.SetAt is { } page && !change.FromItsPage)
            throw new RuleBroken("这一项有自己的办理程序，请到它的页面修改。", code: "set-elsewhere", wayOut: page);
        if (change.Setting.Everywhere && change.CourtId != 0)
            throw new RuleBroken("这一项对全部法院生效，不能按法院设置。", "CourtId", "everywhere");
        var court = store.Court(change.CourtId);
        if (change.CourtId != 0 && court is null)
            throw new NotFound("法院", change.CourtId);
        if (court?.MergedInto is { } into)
            throw new RuleBroken($"本院已并入{store.NameOf(into)}，请在那里设置。", "CourtId", "merged");
        if (string.IsNullOrWhiteSpace(change.Reason))
            throw new RuleBroken("请写明修改的理由。", "Reason");
        if (change.Reason.Length > 400)
            throw new RuleBroken("理由最长 400 个字符。", "Reason");
        if (change.From < today)
            throw new RuleBroken("生效日不能早于今天：已经办了的事不改规则。", "From", "past");
        if (change.From > today.AddYears(3))
            throw new RuleBroken("生效日最远三年之后。", "From");
        if (change.Value is { } value && change.Setting.Check(value) is { Count: > 0 } faults)
            throw new ValidationException(faults.Select(f => new ValidationFailure(f.Field, f.Why.ToString())));
    }
}
