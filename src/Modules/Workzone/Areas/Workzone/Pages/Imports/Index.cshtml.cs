using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Imports;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Imports;

/// <summary>Case lists: take one in, and what became of the earlier ones.</summary>
[Permit("workzone.cases.import")]
internal sealed class Index(IMediator mediator, ICaseImport import, Uploads uploads, Kernel.Work.WorkSignal signal) : PageModel, IReload
{
    [BindProperty]
    public new IFormFile? File { get; set; }

    [BindProperty]
    public string? UploadId { get; set; }

    public IReadOnlyList<Row> Rows { get; private set; } = [];

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Rows = await mediator.Send(new Query());

    public async Task<IActionResult> OnPostAsync()
    {
        string name;
        Stream content;
        if (!string.IsNullOrEmpty(UploadId))
        {
            var (state, path) = await uploads.CompleteAsync(UploadId, HttpContext.RequestAborted);
            (name, content) = (
                state.Name,
                new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16, FileOptions.Asynchronous)
            );
        }
        else if (File is not null)
        {
            (name, content) = (File.FileName, File.OpenReadStream());
        }
        else
        {
            throw new RuleBroken("请选择要导入的案件表。", "File");
        }
        await using var disposing = content;
        var (id, _) = await import.BeginAsync(
            new CaseList(content, name, name.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? "json" : "csv") { UploadId = UploadId },
            HttpContext.RequestAborted
        );
        await mediator.Send(new StartNow { Id = id });
        signal.Wake();
        return this.Done($"/imports/{id}");
    }

    [Permit("workzone.cases.import")]
    internal sealed record Query : IQuery<IReadOnlyList<Row>>;

    internal sealed record Row
    {
        public long Id { get; init; }
        public string FileName { get; init; } = "";
        public string State { get; init; } = "";
        public int Total { get; init; }
        public int CreatedCount { get; init; }
        public int UpdatedCount { get; init; }
        public int UnchangedCount { get; init; }
        public int RefusedCount { get; init; }
        public DateTimeOffset StartedAt { get; init; }
        public DateTimeOffset? EndedAt { get; init; }
    }

    internal sealed class Handler(Db db, Actor actor) : IQueryHandler<Query, IReadOnlyList<Row>>
    {
        public Task<IReadOnlyList<Row>> Handle(Query request, CancellationToken cancellationToken) =>
            db.PageAsync<Row>(
                "SELECT id, file_name, state, total, created_count, updated_count, unchanged_count, refused_count, started_at, ended_at FROM "
                    + "workzone_import WHERE person_id = @me ORDER BY started_at DESC",
                new { me = actor.Id },
                30,
                cancellationToken
            );
    }

    /// <summary>The page does not wait: the pump of the host runs the import.</summary>
    [Permit("workzone.cases.import")]
    [Audited("workzone.import.start")]
    internal sealed record StartNow : ICommand
    {
        public long Id { get; init; }

        internal sealed class StartHandler(Db db, TimeProvider clock) : CommandHandler<StartNow>
        {
            protected override Task RunAsync(StartNow command, CancellationToken ct) =>
                db.ExecuteAsync(
                    "UPDATE kernel_work SET due_at = @now WHERE queue = 'workzone.import' AND work_key = @key AND state = 'ready'",
                    new { key = $"{command.Id}", now = clock.GetUtcNow() },
                    ct
                );
        }
    }
}
