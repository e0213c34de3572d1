using CourtOps.Kernel.Access;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.States;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.TrialSupport.Courtroom;

/// <summary>A piece of evidence as it is put before the court: what it shall prove, what the other side says, where it is kept.</summary>
internal sealed record ExhibitRow
{
    public const string Columns =
        "x.id, x.case_id, x.n, x.name, x.party_id, x.party_name, x.form, x.pieces, x.purpose, x.opinion, x.finding, x.place, x.state, x.returned_to, "
        + "x.returned_on, x.by_name, x.version";

    public static readonly IReadOnlyDictionary<string, string> Forms = new Dictionary<string, string>
    {
        ["original"] = "原件",
        ["copy"] = "复制件",
        ["object"] = "物证",
        ["media"] = "电子数据、视听资料",
    };

    public static readonly IReadOnlyDictionary<string, string> Findings = new Dictionary<string, string>
    {
        ["open"] = "未认证",
        ["admitted"] = "采信",
        ["partly"] = "部分采信",
        ["rejected"] = "不予采信",
    };

    public static readonly IReadOnlyDictionary<string, string> States = new Dictionary<string, string> { ["kept"] = "在院", ["returned"] = "已退还" };

    public static readonly StateTable Table = new("trial_exhibit", "证物", new("save", ["kept"], null), new("return", ["kept"], "returned"));

    public long Id { get; init; }
    public long CaseId { get; init; }
    public int N { get; init; }
    public string Name { get; init; } = "";
    public long? PartyId { get; init; }
    public string PartyName { get; init; } = "";
    public string Form { get; init; } = "";
    public int Pieces { get; init; }
    public string Purpose { get; init; } = "";
    public string Opinion { get; init; } = "";
    public string Finding { get; init; } = "";
    public string Place { get; init; } = "";
    public string State { get; init; } = "";
    public string? ReturnedTo { get; init; }
    public DateOnly? ReturnedOn { get; init; }
    public string ByName { get; init; } = "";
    public int Version { get; init; }
}

/// <summary>Adds an exhibit to the list of a case, or writes down what was said of it.</summary>
[Permit("trial.hold")]
[Audited("trial.exhibit.save")]
internal sealed record SaveExhibit : ICommand<long>
{
    public long CaseId { get; init; }
    public long? Id { get; init; }
    public int? Version { get; init; }
    public string Name { get; init; } = "";
    public long? PartyId { get; init; }
    public string Form { get; init; } = "copy";
    public int? Pieces { get; init; } = 1;
    public string Purpose { get; init; } = "";
    public string Opinion { get; init; } = "";
    public string Finding { get; init; } = "open";
    public string Place { get; init; } = "";

    internal sealed class Validator : AbstractValidator<SaveExhibit>
    {
        public Validator()
        {
            RuleFor(c => c.CaseId).NotEmpty().WithMessage("请指明案件。");
            RuleFor(c => c.Name).NotEmpty().WithMessage("请填写证据名称。").MaximumLength(200).WithMessage("名称最长 200 个字符。");
            RuleFor(c => c.Form).Must(ExhibitRow.Forms.ContainsKey).WithMessage("请选择证据形式。");
            RuleFor(c => c.Pieces).NotNull().WithMessage("请填写份数。").InclusiveBetween(1, 9999).WithMessage("份数应在 1 到 9999 之间。");
            RuleFor(c => c.Purpose).MaximumLength(400).WithMessage("证明目的最长 400 个字符。");
            RuleFor(c => c.Opinion).MaximumLength(1000).WithMessage("质证意见最长 1000 个字符。");
            RuleFor(c => c.Finding).Must(ExhibitRow.Findings.ContainsKey).WithMessage("请选择认证结果。");
            RuleFor(c => c.Place)
                .NotEmpty()
                .When(c => c.Form is "original" or "object")
                .WithMessage("原件和物证须写明保管位置。")
                .MaximumLength(100)
                .WithMessage("保管位置最长 100 个字符。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, Actor actor, TimeProvider clock, ICases cases, AuditTrail audit) : ICommandHandler<SaveExhibit, long>
    {
        public async Task<long> Handle(SaveExhibit c, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(c.CaseId, cancellationToken);
            var party = c.PartyId is { } p
                ? (await cases.PartiesAsync(card.Id, cancellationToken)).FirstOrDefault(x => x.Id == p) ?? throw new NotFound("当事人", p)
                : null;
            // only the court that finds may say what an exhibit is worth
            if (c.Finding != "open" && !actor.Can("trial.sign"))
                throw new RuleBroken("证据是否采信由法官认定。", "Finding", "judge");
            var args = new
            {
                id = c.Id ?? ids.Next(),
                c.Version,
                c.CaseId,
                card.CourtId,
                name = c.Name.Trim(),
                c.PartyId,
                party = party?.Name ?? "",
                c.Form,
                c.Pieces,
                purpose = c.Purpose.Trim(),
                opinion = c.Opinion.Trim(),
                c.Finding,
                place = c.Place.Trim(),
                by = actor.Name,
                now = clock.StoredNow(),
                n = await db.ScalarAsync<int>("SELECT COALESCE(MAX(n), 0) + 1 FROM trial_exhibit WHERE case_id = @CaseId", new { c.CaseId }, cancellationToken),
            };
            if (c.Id is null)
            {
                await db.ExecuteAsync(
                    """
                    INSERT INTO trial_exhibit (id, case_id, court_id, n, name, party_id, party_name, form, pieces, purpose, opinion, finding, place, state,
                        by_name, at, version)
                    VALUES (@id, @CaseId, @CourtId, @n, @name, @PartyId, @party, @Form, @Pieces, @purpose, @opinion, @Finding, @place, 'kept', @by, @now, 1)
                    """,
                    args,
                    cancellationToken
                );
            }
            else
            {
                var was = await ExhibitBook.GetAsync(db, card.Id, args.id, c.Version, cancellationToken);
                await ExhibitRow.Table.MoveAsync(
                    db,
                    "save",
                    was.State,
                    new
                    {
                        was.Id,
                        was.Version,
                        args.name,
                        args.PartyId,
                        args.party,
                        args.Form,
                        args.Pieces,
                        args.purpose,
                        args.opinion,
                        args.Finding,
                        args.place,
                    },
                    "name = @name, party_id = @PartyId, party_name = @party, form = @Form, pieces = @Pieces, purpose = @purpose, opinion = @opinion, "
                        + "finding = @Finding, place = @place",
                    cancellationToken
                );
            }
            audit.Note("exhibit", args.id, new { args.name, c.Finding }, card.Id);
            return args.id;
        }
    }
}

/// <summary>Gives an exhibit back, once.</summary>
[Permit("trial.hold")]
[Audited("trial.exhibit.return")]
internal sealed record ReturnExhibit : ICommand
{
    public long CaseId { get; init; }
    public long Id { get; init; }
    public int? Version { get; init; }
    public string To { get; init; } = "";
    public DateOnly? On { get; init; }

    internal sealed class Validator : AbstractValidator<ReturnExhibit>
    {
        public Validator()
        {
            RuleFor(c => c.To).NotEmpty().WithMessage("请写明退还给谁、谁签收。").MaximumLength(100).WithMessage("最长 100 个字符。");
            RuleFor(c => c.On).Must(d => d is null or { Year: >= 2000 and <= 2100 }).WithMessage("日期应在 2000 年到 2100 年之间。");
        }
    }

    internal sealed class Handler(Db db, TimeProvider clock, ICases cases, AuditTrail audit) : CommandHandler<ReturnExhibit>
    {
        protected override async Task RunAsync(ReturnExhibit c, CancellationToken ct)
        {
            var card = await cases.GetAsync(c.CaseId, ct);
            var was = await ExhibitBook.GetAsync(db, card.Id, c.Id, c.Version, ct);
            var on = c.On ?? Times.Day(clock.GetUtcNow());
            if (on > Times.Day(clock.GetUtcNow()))
                throw new RuleBroken("退还的日期在今天之后。", "On");
            await ExhibitRow.Table.MoveAsync(
                db,
                "return",
                was.State,
                new
                {
                    was.Id,
                    was.Version,
                    to = c.To.Trim(),
                    on,
                },
                "returned_to = @to, returned_on = @on",
                ct
            );
            audit.Note("exhibit", was.Id, new { c.To, on }, card.Id);
        }
    }
}

internal static class ExhibitBook
{
    /// <exception cref="NotFound">Not an exhibit of this case.</exception>
    public static async Task<ExhibitRow> GetAsync(Db db, long caseId, long id, int? version, CancellationToken ct)
    {
        var x =
            await db.FirstAsync<ExhibitRow>(
                $"SELECT {ExhibitRow.Columns} FROM trial_exhibit x WHERE x.id = @id AND x.case_id = @caseId",
                new { id, caseId },
                ct
            ) ?? throw new NotFound("证物", id);
        return version is null || version == x.Version ? x : throw new Conflict("证物刚被他人修改，请刷新后再看。");
    }
}

/// <summary>The exhibits of a case.</summary>
[Permit("trial.read")]
internal sealed record ListExhibits : IQuery<ListExhibits.Result>
{
    public long CaseId { get; init; }

    internal sealed record Result(CaseCard Case, IReadOnlyList<ExhibitRow> Rows, IReadOnlyList<PartyContact> Parties);

    internal sealed class Handler(Db db, ICases cases, AccessLog reads) : IQueryHandler<ListExhibits, Result>
    {
        public async Task<Result> Handle(ListExhibits request, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(request.CaseId, cancellationToken);
            var rows = await db.QueryAsync<ExhibitRow>(
                $"SELECT {ExhibitRow.Columns} FROM trial_exhibit x WHERE x.case_id = @Id ORDER BY x.n",
                new { card.Id },
                cancellationToken
            );
            reads.List("trial.exhibit.list", rows.Count, new { card.Id }, card.Id);
            return new Result(card, rows, await cases.PartiesAsync(card.Id, cancellationToken));
        }
    }
}
