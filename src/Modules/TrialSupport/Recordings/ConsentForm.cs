using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Drafting;
using CourtOps.TrialSupport.Hearings;
using CourtOps.Workzone.Cases;

namespace CourtOps.TrialSupport.Recordings;

/// <summary>The paper on which the parties sign that the recording stands for the transcript: it bears the digest over all segments (庭审录音录像规定 8).</summary>
internal static class ConsentForm
{
    [Permit("trial.read")]
    internal sealed record Query : IQuery<Result>
    {
        public long HearingId { get; init; }
    }

    internal sealed record Result(CaseCard Case, IReadOnlyList<PartyContact> Parties);

    internal sealed class Handler(HearingActs acts, ICases cases) : IQueryHandler<Query, Result>
    {
        public async Task<Result> Handle(Query request, CancellationToken cancellationToken)
        {
            var h = await acts.OpenAsync(request.HearingId, null, cancellationToken);
            return new Result(await cases.GetAsync(h.CaseId, cancellationToken), await cases.PartiesAsync(h.CaseId, cancellationToken));
        }
    }

    public static IEnumerable<DocxPara> Of(Result of, ShowRecording.Result s, RecordingRow row) =>
        [
            new(of.Case.CourtName, ParaStyle.Title),
            new("庭审录音录像替代笔录确认书", ParaStyle.Title),
            new(of.Case.Number, ParaStyle.Right),
            new($"庭审时间：{Times.Full(s.Hearing.StartsAt)}　地点：{s.Hearing.RoomName}"),
            new($"案由：{of.Case.Cause}"),
            new("经各方当事人同意，本次庭审以录音录像替代法庭笔录。录音录像共 " + s.Segments.Count + " 段，收录后不能修改、删除，各段摘要如下："),
            .. s.Segments.Select(x => new DocxPara($"第 {x.N} 段　{Times.Full(x.StartsAt)}　SHA-256 {x.Blob}")),
            new($"全部录音录像的完整性校验值：{row.Chain}"),
            new($"当事人同意的记录：{row.Consent}"),
            .. of.Parties.Select(p => new DocxPara($"{p.Role}{p.Name}（签名）：　　　　　　　　　　　年　月　日")),
            new($"书记员（签名）：{s.Hearing.ClerkName}　　　　　　　年　月　日"),
        ];
}
