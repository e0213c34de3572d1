using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Courts;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Courts;

/// <summary>One court: its divisions, trial teams and support teams.</summary>
[Permit("workzone.courts.manage")]
internal sealed class Details(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty(SupportsGet = true)]
    public long? Unit { get; set; }

    [BindProperty]
    public Input Data { get; set; } = new();

    /// <summary>The court itself.</summary>
    public CourtInput Court { get; set; } = new();

    public string Name { get; private set; } = "";

    /// <summary>The court it has become part of.</summary>
    public string? MergedInto { get; private set; }

    public IReadOnlyList<ListUnits.Row> Rows { get; private set; } = [];

    public IReadOnlyDictionary<string, string> Kinds { get; } =
        new Dictionary<string, string>
        {
            ["division"] = "庭室",
            ["trial-team"] = "审判团队",
            ["support-team"] = "辅助团队",
        };

    public async Task OnGetAsync()
    {
        await ReloadAsync();
        if (Rows.FirstOrDefault(r => r.Id == Unit && r.Id != 0) is { } u)
            Data = new Input
            {
                Id = u.Id,
                Version = u.Version,
                Kind = u.Kind,
                Name = u.Name,
                Centre = u.Centre,
                Head = u.HeadLogin,
                Active = u.State == "active",
            };
    }

    public async Task ReloadAsync()
    {
        Rows = await mediator.Send(new ListUnits { CourtId = Id });
        var court = await mediator.Send(new CourtQuery { Id = Id });
        Name = court.Name;
        MergedInto = court.MergedInto;
        Court =
            Sent
            ?? new CourtInput
            {
                Code = court.Code,
                Name = court.Name,
                Version = court.Version,
            };
    }

    public async Task<IActionResult> OnPostAsync()
    {
        await mediator.Send(
            new SaveUnit
            {
                Id = Data.Id,
                Version = Data.Version,
                CourtId = Id,
                Kind = Data.Kind ?? "",
                Name = Data.Name ?? "",
                Centre = Data.Centre ?? "",
                Head = Data.Head ?? "",
                Active = Data.Active,
            }
        );
        return this.Done($"/courts/{Id}", t["已保存 {0}", Data.Name]);
    }

    // what was sent and not taken is shown again
    private CourtInput? Sent { get; set; }

    public async Task<IActionResult> OnPostCourtAsync([Bind(Prefix = "Court")] CourtInput court)
    {
        Sent = court;
        await mediator.Send(
            new SaveCourt
            {
                Id = Id,
                Version = court.Version,
                Code = court.Code?.Trim() ?? "",
                Name = court.Name?.Trim() ?? "",
            }
        );
        return this.Done($"/courts/{Id}", t["已保存 {0}", court.Name]);
    }

    public async Task<IActionResult> OnPostMergeAsync(string? mergeInto, string? reason)
    {
        await mediator.Send(
            new MergeCourt
            {
                Id = Id,
                Into = mergeInto?.Trim() ?? "",
                Reason = reason ?? "",
            }
        );
        return this.Done($"/courts/{Id}", t[string.IsNullOrWhiteSpace(mergeInto) ? "已撤销合并，本院自己的规则重新生效" : "已合并，今后按并入法院的规则"]);
    }

    internal sealed class CourtInput
    {
        public int? Version { get; set; }
        public string? Code { get; set; }
        public string? Name { get; set; }
    }

    internal sealed class Input
    {
        public long? Id { get; set; }
        public int? Version { get; set; }
        public string? Kind { get; set; }
        public string? Name { get; set; }
        public string? Centre { get; set; }
        public string? Head { get; set; }
        public bool Active { get; set; } = true;
    }

    [Permit("workzone.courts.manage")]
    internal sealed record CourtQuery : IQuery<CourtRow>
    {
        public long Id { get; init; }

        internal sealed class Handler(Db db) : IQueryHandler<CourtQuery, CourtRow>
        {
            public async Task<CourtRow> Handle(CourtQuery request, CancellationToken cancellationToken) =>
                await db.FirstAsync<CourtRow>(
                    "SELECT t.code, t.name, t.version, m.name AS merged_into FROM workzone_court t LEFT JOIN workzone_court m ON m.id = "
                        + "t.merged_into_id WHERE t.id = @Id",
                    new { request.Id },
                    cancellationToken
                ) ?? throw new NotFound("法院", request.Id);
        }
    }

    internal sealed record CourtRow
    {
        public string Code { get; init; } = "";
        public string Name { get; init; } = "";
        public int Version { get; init; }
        public string? MergedInto { get; init; }
    }
}
