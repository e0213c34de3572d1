using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.ServiceOfDocuments.Addresses;
using CourtOps.ServiceOfDocuments.Steward;
using CourtOps.ServiceOfDocuments.Tasks;
using CourtOps.Workzone.Cases;

namespace CourtOps.ServiceOfDocuments.Forms;

/// <summary>One printed form of a recipient, filled from the case.</summary>
[Permit("service.work")]
internal sealed record ShowForm : IQuery<ShowForm.Result>
{
    public long NoticeId { get; init; }
    public string Code { get; init; } = "";

    internal sealed record Result(Notice Notice, FormFacts Facts, FormText? Chinese, FormText? Korean);

    internal sealed class Handler(
        Notices notices,
        AddressBook addresses,
        HearingWatch hearings,
        ICases cases,
        TimeProvider clock,
        Kernel.Access.AccessLog reads
    ) : IQueryHandler<ShowForm, Result>
    {
        public async Task<Result> Handle(ShowForm request, CancellationToken cancellationToken)
        {
            var (notice, _) = await notices.OpenAsync(request.NoticeId, null, cancellationToken);
            if (request.Code.Length > 0 && !FormTexts.Titles.ContainsKey(request.Code))
                throw new NotFound("表格", request.Code);
            var tasks = await notices.TasksAsync(notice.Id, cancellationToken);
            var to = await addresses.ChainAsync(notice.PartyId, cancellationToken) is [var head, ..] ? head : null;
            var hearing = await hearings.OfCaseAsync(notice.CaseId, cancellationToken) is [var next, ..] ? next : null;
            var opponents = await cases.CanReadAsync(notice.CaseId, cancellationToken)
                ? string.Join(
                    '、',
                    (await cases.PartiesAsync(notice.CaseId, cancellationToken))
                        .Where(p => p.Id != notice.PartyId && Sides.Of(p.Role) != Sides.Of(notice.RecipientRole))
                        .Select(p => p.Name)
                )
                : "";
            var facts = new FormFacts
            {
                Court = notice.CourtName,
                CaseNumber = notice.CaseNumber,
                Cause = notice.Cause,
                Recipient = notice.Recipient,
                Role = notice.RecipientRole,
                Opponents = opponents.Length > 0 ? opponents : "对方当事人",
                Documents = string.Join('、', tasks.Select(t => $"《{t.DocumentTitle}》")),
                Address = to is null ? "" : addresses.Reveal(to.TextEnc) ?? "",
                Addressee = to?.Recipient ?? "",
                Postcode = to?.Postcode ?? "",
                Phone = to is null ? "" : addresses.Reveal(to.PhoneEnc) ?? "",
                Institution = notice.Institution ?? "",
                Hearing = hearing is null ? null : FormTexts.Time(hearing.StartAt),
                Small = notice.ProcedureCode == "MC-SML",
                Simple = notice.ProcedureCode == "MC-SUM",
                On = Times.Day(clock.GetUtcNow()),
            };
            reads.Note("service.form.print", "notice", notice.Id, notice.CaseId);
            return new Result(
                notice,
                facts,
                request.Code.Length > 0 ? FormTexts.Chinese(request.Code, facts) : null,
                request.Code.Length > 0 ? FormTexts.Korean(request.Code, facts) : null
            );
        }
    }
}
