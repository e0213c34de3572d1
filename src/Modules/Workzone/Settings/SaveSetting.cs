using System.Text.Json.Nodes;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using FluentValidation;
using FluentValidation.Results;

namespace CourtOps.Workzone.Settings;

/// <summary>Sets a rule of a court: a new version, in force from its day, or waiting for a second person. Returns the version's id.</summary>
[Permit(SettingRights.Change)]
[Audited("workzone.setting.save")]
internal sealed record SaveSetting : ICommand<long>
{
    public string Key { get; init; } = "";

    /// <summary>0 for all courts.</summary>
    public long CourtId { get; init; }

    /// <summary>Values by field, as text; fields that are not among them keep what counts now.</summary>
    public IReadOnlyDictionary<string, string>? Values { get; init; }

    /// <summary>The rows, of a table.</summary>
    public TableBody? Table { get; init; }

    /// <summary>Instead of a value: the inherited one counts again.</summary>
    public bool Inherit { get; init; }

    /// <summary>Instead of a value: that of an earlier version.</summary>
    public int? BackTo { get; init; }

    /// <summary>The first day; null is at once.</summary>
    public DateOnly? From { get; init; }
    public string Reason { get; init; } = "";

    /// <summary>The newest version of this court that was seen; 0 where there was none.</summary>
    public int Seen { get; init; }

    internal sealed class Validator : AbstractValidator<SaveSetting>
    {
        public Validator() => RuleFor(c => c.Reason).NotEmpty().WithMessage("请写明修改的理由。").MaximumLength(400).WithMessage("理由最长 400 个字符。");
    }

    internal sealed class Handler(Db db, Actor actor, SettingCatalogue catalogue, SettingStore store, SettingBook book, TimeProvider clock, AuditTrail audit)
        : ICommandHandler<SaveSetting, long>
    {
        public async Task<long> Handle(SaveSetting request, CancellationToken cancellationToken)
        {
            var setting = await SettingRights.DemandAsync(db, catalogue, store, actor, request.Key, request.CourtId, cancellationToken);
            var value =
                request.Inherit ? null
                : request.BackTo is { } old ? await OldAsync(setting, request.CourtId, old, cancellationToken)
                : New(setting, request);
            var id = await book.SaveAsync(
                new SettingChange(setting, request.CourtId, value, request.From, request.Reason, request.Seen, request.BackTo),
                cancellationToken
            );
            audit.Note(
                "setting",
                setting.Key,
                new
                {
                    request.CourtId,
                    version = request.Seen + 1,
                    request.From,
                    value = value is null ? "inherit" : setting.Write(value),
                    request.BackTo,
                    setting.TwoPersons,
                }
            );
            return id;
        }

        private object New(SettingDefinition setting, SaveSetting request) =>
            SettingForm.Bind(setting, store.Find(setting, request.CourtId, clock.GetUtcNow()).Value, request.Values, request.Table);

        private async Task<object?> OldAsync(SettingDefinition setting, long courtId, int version, CancellationToken ct)
        {
            var old = (await book.HistoryAsync(setting.Key, courtId, ct)).FirstOrDefault(v => v.Version == version) ?? throw new NotFound("版本", version);
            return old.Inherits ? null : setting.Read(old.Body);
        }
    }
}

/// <summary>What a form or a file says, as a value.</summary>
internal static class SettingForm
{
    /// <exception cref="ValidationException">A text is no value of its field.</exception>
    public static object Bind(SettingDefinition setting, object over, IReadOnlyDictionary<string, string>? values, TableBody? table)
    {
        if (setting is TableDefinition)
            return table ?? throw new RuleBroken("请给出决策表的各行。", "Table");
        var (bound, faults) = setting.Fields.Bind(over, values ?? new Dictionary<string, string>());
        return bound ?? throw Refused(faults);
    }

    public static ValidationException Refused(IEnumerable<FieldFault> faults) => new(faults.Select(f => new ValidationFailure(f.Field, f.Why.ToString())));

    /// <summary>Reads a value from a file.</summary>
    /// <exception cref="RuleBroken">It has names that this program does not know.</exception>
    public static object Read(SettingDefinition setting, JsonObject body)
    {
        if (setting.Unknown(body) is { Count: > 0 } strange)
            throw new RuleBroken($"“{setting.Label}”里有本程序不认识的项：{string.Join("、", strange.Take(5))}。文件可能来自更新的版本。", "File", "newer");
        try
        {
            return setting.Read(body.ToJsonString());
        }
        catch (System.Text.Json.JsonException)
        {
            throw new RuleBroken($"“{setting.Label}”的值读不出来。", "File");
        }
    }
}

/// <summary>What follows when a second person has confirmed a setting, in the same transaction.</summary>
internal interface ISettingEffect
{
    string Key { get; }

    Task ConfirmedAsync(SettingVersion version, CancellationToken ct);
}

/// <summary>The second person confirms a version or refuses it.</summary>
[Permit(SettingRights.Confirm)]
[Audited("workzone.setting.decide")]
internal sealed record DecideSetting : ICommand
{
    public long Id { get; init; }
    public bool Confirm { get; init; }
    public string Words { get; init; } = "";

    internal sealed class Handler(Actor actor, SettingBook book, AuditTrail audit, IEnumerable<ISettingEffect> effects) : CommandHandler<DecideSetting>
    {
        protected override async Task RunAsync(DecideSetting command, CancellationToken ct)
        {
            var version = await book.FindAsync(command.Id, ct);
            if (version is null || !SettingRights.MayConfirm(actor, version.CourtId))
                throw new NotFound("等待确认的规则", command.Id);
            var decided = await book.DecideAsync(version, command.Confirm, command.Words, ct);
            foreach (var effect in effects.Where(e => command.Confirm && e.Key == version.SettingKey))
                await effect.ConfirmedAsync(decided, ct);
            audit.Note(
                "setting",
                version.SettingKey,
                new
                {
                    version.CourtId,
                    version.Version,
                    decided.State,
                    decided.EffectiveAt,
                }
            );
        }
    }
}

/// <summary>Takes back a version that waits for a second person or for its day.</summary>
[Permit(SettingRights.Change)]
[Audited("workzone.setting.withdraw")]
internal sealed record WithdrawSetting : ICommand
{
    public long Id { get; init; }

    internal sealed class Handler(Db db, Actor actor, SettingCatalogue catalogue, SettingStore store, SettingBook book, AuditTrail audit)
        : CommandHandler<WithdrawSetting>
    {
        protected override async Task RunAsync(WithdrawSetting command, CancellationToken ct)
        {
            var version = await book.FindAsync(command.Id, ct);
            if (version is null || !SettingRights.MaySee(actor, store, version.CourtId))
                throw new NotFound("版本", command.Id);
            await SettingRights.DemandAsync(db, catalogue, store, actor, version.SettingKey, version.CourtId, ct);
            await book.WithdrawAsync(version, ct);
            audit.Note(
                "setting",
                version.SettingKey,
                new
                {
                    version.CourtId,
                    version.Version,
                    withdrawn = true,
                }
            );
        }
    }
}
