using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Work;
using CourtOps.ServiceOfDocuments.Attempts;
using CourtOps.ServiceOfDocuments.Tasks;

namespace CourtOps.ServiceOfDocuments.Calls;

/// <summary>Asks for the notice of a call as spoken words (espeak-ng), for playing back; made by the queue where the program is installed.</summary>
[Permit("service.work")]
[Audited("service.call.speech")]
internal sealed record AskSpeech : ICommand
{
    public long StepId { get; init; }

    internal sealed class Handler(Db db, Notices notices, WorkQueue work, AuditTrail audit) : CommandHandler<AskSpeech>
    {
        protected override async Task RunAsync(AskSpeech command, CancellationToken ct)
        {
            var step = await Steps.FindAsync(db, command.StepId, ct);
            var (notice, _) = await Steps.OpenAsync(notices, step, ct);
            if (await work.FindAsync(Speak.Name, $"{step.Id}", ct) is null)
                await work.AddAsync(Speak.Name, $"{step.Id}", new Speak.Payload { StepId = step.Id, NoticeId = notice.Id }, ct: ct);
            audit.Note("step", step.Id);
        }
    }
}

/// <summary>Speaks in Mandarin or Korean; no word of the case, as anybody may pick up.</summary>
internal sealed class Speak(Notices notices, BlobStore blobs, EvidenceBook evidence, DataFolder folder, TimeProvider clock) : IWorkHandler
{
    public const string Name = "service.speech";

    public string Queue => Name;

    public bool Repeatable => true;

    public int MaxAttempts => 5;

    public TimeSpan Lease => TimeSpan.FromMinutes(2);

    public int AtOnce => 1;

    public bool IsForgettable => true;

    public async Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct)
    {
        if (Post.Tools.Find("espeak-ng") is not { } program)
            return WorkOutcome.Wait("没有语音程序：请安装软件包 espeak-ng", TimeSpan.FromMinutes(10));
        var notice = await notices.GetAsync(item.Read<Payload>().NoticeId, ct);
        var korean = notice.Language == "ko";
        var words = korean
            ? $"{notice.CourtName} 송달센터입니다. 귀하에게 송달할 문서가 있습니다. 12368로 전화하여 주십시오."
            : $"这里是{notice.CourtName}送达中心，有诉讼文书需要向您送达，请拨打一二三六八。";
        var path = folder.Private() + ".wav";
        try
        {
            if (
                await Post.Tools.RunAsync(program, ["-v", korean ? "ko" : "cmn", "-s", "150", "-w", path, words], TimeSpan.FromSeconds(60), ct) != 0
                || !File.Exists(path)
            )
                return WorkOutcome.Retry("语音没有生成");
            await using var stream = File.OpenRead(path);
            return WorkOutcome.Done(await blobs.WriteAsync(stream, 50 * 1024 * 1024, ct));
        }
        finally
        {
            File.Delete(path);
        }
    }

    public async Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct)
    {
        if (outcome.End != WorkEnd.Done || outcome.Result is not Blob blob)
            return;
        var payload = item.Read<Payload>();
        await evidence.AddAsync(
            await notices.GetAsync(payload.NoticeId, ct),
            payload.StepId,
            new TakenFile("speech", "notice.wav", "audio/wav", blob),
            "speech",
            null,
            null,
            null,
            Steward.StewardBook.Name,
            clock.GetUtcNow(),
            ct
        );
    }

    internal sealed record Payload
    {
        public long StepId { get; init; }
        public long NoticeId { get; init; }
    }
}
