using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using FluentValidation;

namespace CourtOps.Workzone.Courts;

/// <summary>Creates a court or changes it. The level follows from the code: province sign, two digits more, four digits more.</summary>
[Permit("workzone.courts.manage")]
[Audited("workzone.court.save")]
internal sealed record SaveCourt : ICommand<long>
{
    public long? Id { get; init; }
    public int? Version { get; init; }
    public string Code { get; init; } = "";
    public string Name { get; init; } = "";

    internal sealed class Validator : AbstractValidator<SaveCourt>
    {
        public Validator()
        {
            RuleFor(c => c.Code)
                .NotEmpty()
                .WithMessage("请填写法院代字。")
                .Matches(@"^(最高法|[\u4e00-\u9fa5]\d{0,4})$")
                .When(c => c.Code.Length > 0, ApplyConditionTo.CurrentValidator)
                .WithMessage("法院代字形如“吉”“吉24”“吉2424”。");
            RuleFor(c => c.Name)
                .NotEmpty()
                .WithMessage("请填写法院名称。")
                .MaximumLength(80)
                .WithMessage("法院名称最长 80 个字符。")
                .Must(n => !n.Any(char.IsControl))
                .WithMessage("名称写在一行里，不能换行。");
        }
    }

    internal static string LevelOf(string code) =>
        code == "最高法"
            ? "supreme"
            : code.Length switch
            {
                1 => "high",
                3 => "intermediate",
                _ => "basic",
            };

    /// <summary>The code of the court above: 吉2424 → 吉24 → 吉.</summary>
    internal static string? ParentOf(string code) =>
        code == "最高法"
            ? null
            : code.Length switch
            {
                1 => null,
                3 => code[..1],
                _ => code[..3],
            };

    internal sealed class Handler(Db db, Ids ids, Actor actor, AuditTrail audit, People.PersonCache people, Kernel.Settings.SettingStore settings)
        : ICommandHandler<SaveCourt, long>
    {
        public async Task<long> Handle(SaveCourt request, CancellationToken cancellationToken)
        {
            long? parent = null;
            for (var code = ParentOf(request.Code); code is not null && parent is null; code = ParentOf(code))
                parent = await db.FirstAsync<long?>("SELECT id FROM workzone_court WHERE code = @code", new { code }, cancellationToken);
            if (request.Id is { } existing)
                Rights.AdminScope.Demand(actor, existing, "Code");
            if (parent is { } above && !(request.Id is { } moved && await IsAboveAsync(moved, above, cancellationToken)))
                Rights.AdminScope.Demand(actor, above, "Code");
            if (parent is { } p && request.Id is { } self && (await People.CourtTree.LoadAsync(db)).Below(self).Contains(p))
                throw new RuleBroken("上级法院不能是本院或本院的下级：法院会连成一个圈。", "Code", "circle");
            if (
                request.Id is { } numbered
                && await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM workzone_court t WHERE t.id = @numbered AND t.code <> @Code AND EXISTS (SELECT 1 FROM workzone_case c WHERE "
                        + "c.court_id = t.id)",
                    new { numbered, request.Code },
                    cancellationToken
                ) > 0
            )
                throw new RuleBroken("本院已有案件，案号里写着原来的代字，代字不能再改；名称可以改。", "Code", "has-cases");
            var id = request.Id ?? ids.Next();
            var args = new
            {
                id,
                request.Code,
                request.Name,
                level = LevelOf(request.Code),
                parent,
                request.Version,
            };
            try
            {
                if (request.Id is null)
                    await db.ExecuteAsync(
                        "INSERT INTO workzone_court (id, code, name, level, parent_id, version) VALUES (@id, @Code, @Name, @level, @parent, 1)",
                        args,
                        cancellationToken
                    );
                else if (
                    await db.ExecuteAsync(
                        "UPDATE workzone_court SET code = @Code, name = @Name, level = @level, parent_id = @parent, version = version + 1 WHERE id = "
                            + "@id AND version = @Version",
                        args,
                        cancellationToken
                    ) == 0
                )
                    throw new Conflict("此法院刚被他人修改，请核对后再保存。");
            }
            catch (Exception e) when (db.Dialect.IsDuplicate(e))
            {
                throw new RuleBroken($"代字 {request.Code} 或名称 {request.Name} 已有法院使用。", "Code");
            }
            await RehangAsync(id, cancellationToken);
            audit.Note("court", id, new { request.Code, request.Name });
            await settings.TouchAsync(db, cancellationToken);
            db.OnCommitted(people.DropAll);
            return id;
        }

        private async Task<bool> IsAboveAsync(long court, long above, CancellationToken ct) =>
            await db.FirstAsync<long?>("SELECT parent_id FROM workzone_court WHERE id = @court", new { court }, ct) == above;

        // the court above follows from the code, for those that a new or changed code comes between too
        private async Task RehangAsync(long changed, CancellationToken ct)
        {
            var courts = await db.QueryAsync<Place>("SELECT id, code, parent_id FROM workzone_court", ct: ct);
            var byCode = courts.ToDictionary(c => c.Code, c => c.Id);
            foreach (var court in courts)
            {
                long? above = null;
                for (var up = ParentOf(court.Code); up is not null && above is null; up = ParentOf(up))
                    above = byCode.TryGetValue(up, out var found) ? found : null;
                if (above == court.ParentId)
                    continue;
                // whoever is above a court has the say over its people: its own administrators agree by doing it, or the console does
                if (court.Id != changed && above is not null && !Rights.AdminScope.Covers(actor, court.Id))
                    throw new RuleBroken(
                        $"这样 {court.Code} 会归到本院之下，它的人员由本院管理。须由 {court.Code} 的管理员或控制台办理。",
                        "Code",
                        "taken-court"
                    );
                await db.ExecuteAsync("UPDATE workzone_court SET parent_id = @above WHERE id = @Id", new { above, court.Id }, ct);
            }
        }

        private sealed record Place
        {
            public long Id { get; init; }
            public string Code { get; init; } = "";
            public long? ParentId { get; init; }
        }
    }
}
