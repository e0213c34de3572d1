using System.Text.Json;
using System.Text.Json.Nodes;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;

namespace CourtOps.Workzone.Settings;

/// <summary>The rules that count in a court, as a file for another court.</summary>
[Permit(SettingRights.Read)]
internal sealed record ExportSettings : IQuery<string>
{
    /// <summary>The form of the file; a greater number in a file comes from a newer program.</summary>
    public const int Format = 1;

    public long CourtId { get; init; }

    /// <summary>One rule; null is all.</summary>
    public string? Key { get; init; }

    internal sealed class Handler(Actor actor, SettingCatalogue catalogue, SettingStore store, TimeProvider clock) : IQueryHandler<ExportSettings, string>
    {
        public Task<string> Handle(ExportSettings request, CancellationToken cancellationToken)
        {
            if (!SettingRights.MaySee(actor, store, request.CourtId))
                throw new NotFound("法院", request.CourtId);
            var settings = new JsonObject();
            foreach (var setting in catalogue.All.Where(s => s.SetAt is null && (request.Key is null || s.Key == request.Key)))
                settings[setting.Key] = JsonNode.Parse(setting.Write(store.Find(setting, request.CourtId, clock.GetUtcNow()).Value));
            if (request.Key is not null && settings.Count == 0)
                throw new NotFound("规则", request.Key);
            var file = new JsonObject
            {
                ["format"] = Format,
                ["court"] = store.NameOf(request.CourtId),
                ["at"] = JsonSerializer.SerializeToNode(clock.GetUtcNow(), Json.Stored),
                ["settings"] = settings,
            };
            return Task.FromResult(file.ToJsonString(new JsonSerializerOptions(Json.Stored) { WriteIndented = true }));
        }
    }
}

/// <summary>Takes rules from a file of another court: all or nothing; those that are the same already stay as they are.</summary>
[Permit(SettingRights.Change)]
[Audited("workzone.setting.import")]
internal sealed record ImportSettings : ICommand<ImportSettings.Result>
{
    public long CourtId { get; init; }
    public string Json { get; init; } = "";
    public string Reason { get; init; } = "";
    public DateOnly? From { get; init; }

    internal sealed record Result(IReadOnlyList<string> Changed, int Same);

    internal sealed class Handler(Db db, Actor actor, SettingCatalogue catalogue, SettingStore store, SettingBook book, TimeProvider clock, AuditTrail audit)
        : ICommandHandler<ImportSettings, Result>
    {
        public async Task<Result> Handle(ImportSettings request, CancellationToken cancellationToken)
        {
            if (!SettingRights.MaySee(actor, store, request.CourtId))
                throw new NotFound("法院", request.CourtId);
            var settings = Parse(request.Json);
            var (changed, same) = (new List<string>(), 0);
            foreach (var (key, node) in settings)
            {
                if (catalogue.Find(key) is null || node is not JsonObject body)
                    throw new RuleBroken($"文件里有本程序不认识的规则：{key}。文件可能来自更新的版本。", "File", "newer");
                var setting = await SettingRights.DemandAsync(db, catalogue, store, actor, key, request.CourtId, cancellationToken);
                var value = SettingForm.Read(setting, body);
                if (setting.Write(store.Find(setting, request.CourtId, clock.GetUtcNow()).Value) == setting.Write(value))
                {
                    same++;
                    continue;
                }
                var history = await book.HistoryAsync(key, request.CourtId, cancellationToken);
                await book.SaveAsync(
                    new SettingChange(setting, request.CourtId, value, request.From, request.Reason, history.Count > 0 ? history[0].Version : 0),
                    cancellationToken
                );
                changed.Add(setting.Label);
            }
            audit.Note(
                "setting",
                "file",
                new
                {
                    request.CourtId,
                    changed = changed.Count,
                    same,
                }
            );
            return new Result(changed, same);
        }

        private static JsonObject Parse(string json)
        {
            JsonObject? file;
            try
            {
                file = JsonNode.Parse(json) as JsonObject;
            }
            catch (JsonException)
            {
                throw new RuleBroken("这不是规则文件：读不出 JSON。", "File");
            }
            if (file?["settings"] is not JsonObject settings || file["format"] is not JsonValue format || !format.TryGetValue<int>(out var number))
                throw new RuleBroken("这不是规则文件：缺少 format 或 settings。", "File");
            return number <= ExportSettings.Format
                ? settings
                : throw new RuleBroken($"文件的格式是第 {number} 版，本程序只认识到第 {ExportSettings.Format} 版。请先升级。", "File", "newer");
        }
    }
}
