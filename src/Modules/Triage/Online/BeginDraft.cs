using CourtOps.Contracts;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Work;
using CourtOps.Triage.Filings;
using CourtOps.Workzone;
using FluentValidation;

namespace CourtOps.Triage.Online;

/// <summary>Begins a draft for whoever says who they are; the code comes by SMS or mail.</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("triage.online.begin")]
internal sealed record BeginDraft : ICommand<BeginDraft.Result>
{
    public string Court { get; init; } = "";
    public string Topic { get; init; } = "";
    public string Name { get; init; } = "";
    public string IdNumber { get; init; } = "";
    public string Phone { get; init; } = "";
    public string Email { get; init; } = "";

    /// <summary>self or agent.</summary>
    public string Role { get; init; } = "self";
    public string Licence { get; init; } = "";
    public IReadOnlyList<string> Yes { get; init; } = [];
    public decimal? Amount { get; init; }

    internal sealed record Result(string Token, bool NeedsCode);

    internal sealed class Validator : AbstractValidator<BeginDraft>
    {
        public Validator()
        {
            RuleFor(c => c.Court).NotEmpty().WithMessage("请选择法院。");
            RuleFor(c => c.Topic).Must(t => Guidance.Topics.Any(x => x.Code == t)).WithMessage("请先选择您遇到的事情。");
            RuleFor(c => c.Name).Must(n => PartyReading.Fold(n).Length is > 0 and <= 60).WithMessage("请填写姓名，最长 60 个字。");
            RuleFor(c => c.IdNumber).Must(n => IdNumbers.IsIdCard(PartyReading.Sign(n))).WithMessage("身份证号码应为 18 位且校验相符，请核对。");
            RuleFor(c => c.Phone).Must(p => PartyReading.Phone(p).Length > 0 && PartyReading.IsPhone(p)).WithMessage("请填写能接到短信的手机号。");
            RuleFor(c => c.Email).Must(e => string.IsNullOrWhiteSpace(e) || PartyReading.IsEmail(PartyReading.Fold(e))).WithMessage("电子邮箱不合格式。");
            RuleFor(c => c.Role).Must(r => r is "self" or "agent").WithMessage("请选择是本人还是代理人。");
            RuleFor(c => c.Licence).MaximumLength(40).WithMessage("执业证号最长 40 个字符。");
        }
    }

    internal sealed class Handler(
        Db db,
        Ids ids,
        TimeProvider clock,
        ICourts courts,
        PublicFilings filings,
        Secrets secrets,
        Codes codes,
        CodeWays ways,
        AuditTrail audit
    ) : ICommandHandler<BeginDraft, Result>
    {
        public async Task<Result> Handle(BeginDraft request, CancellationToken cancellationToken)
        {
            var court = await courts.FindAsync(PartyReading.Fold(request.Court), cancellationToken) ?? throw new RuleBroken("没有这个法院。", "Court");
            var topic = Guidance.Topics.First(t => t.Code == request.Topic);
            var advice = Guidance.Of(topic, request.Yes, request.Amount, court.Code[..1]);
            var now = clock.GetUtcNow();
            var who = new Filer
            {
                IdNumber = PartyReading.Sign(request.IdNumber),
                Phone = PartyReading.Phone(request.Phone),
                Email = PartyReading.Fold(request.Email),
                Licence = PartyReading.Fold(request.Licence),
            };
            var (claimant, other) = CaseKinds.UsualRoles(topic.Kind);
            var name = PartyReading.Fold(request.Name);
            var content = new DraftContent
            {
                Topic = topic.Code,
                Kind = topic.Kind,
                CaseType = topic.CaseType,
                Cause = topic.Cause,
                Ticks = advice.Facts.Ticks,
                Parties =
                [
                    request.Role == "self"
                        ? new PartyIn
                        {
                            Name = name,
                            Role = claimant,
                            PartyType = "natural",
                            IdNumber = who.IdNumber,
                            Phone = who.Phone,
                            Email = who.Email,
                            EService = who.Email.Length > 0 ? "provided" : "",
                        }
                        : new PartyIn { Role = claimant },
                    new PartyIn { Role = other },
                ],
                Claims =
                [
                    new ClaimIn
                    {
                        Type = request.Amount is > 0 ? "money" : "",
                        Amount =
                            request.Amount is > 0 and <= 9_999_999_999m && decimal.Round(request.Amount.Value, 2) == request.Amount ? request.Amount : null,
                    },
                ],
            };
            var id = ids.Next();
            var token = Secrets.NewToken();
            var needsCode = ways.For(who) is not null;
            await db.ExecuteAsync(
                """
                INSERT INTO triage_public_filing (id, token_digest, court_id, court_name, name, role, who_enc, content_enc, stage, needs_code, code_sent, tries,
                    locks, created_at, expires_at, filing_number, reason, complaint, case_number,
                    fee_code, version, person_enc, person_idx)
                VALUES (@id, @digest, @CourtId, @CourtName, @name, @Role, @who, @content, 'draft', @needsCode, 0, 0, 0, @now, @until, '', '', '', '', '', 1,
                    @person, @idx)
                """,
                new
                {
                    id,
                    digest = Secrets.Digest(token),
                    CourtId = court.Id,
                    CourtName = court.Name,
                    name,
                    request.Role,
                    who = filings.Sealed(who),
                    content = filings.Sealed(content),
                    needsCode,
                    person = secrets.Protect(who.IdNumber),
                    idx = secrets.Blind(who.IdNumber),
                    now,
                    until = now.AddDays(PublicFilings.DraftDays),
                },
                cancellationToken
            );
            if (needsCode)
                await codes.SendAsync(id, 0, null, who, cancellationToken);
            audit.Note(
                "public-filing",
                id,
                new
                {
                    court = court.Code,
                    topic = topic.Code,
                    request.Role,
                }
            );
            return new Result(token, needsCode);
        }
    }
}
