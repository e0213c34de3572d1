using CourtOps.Contracts;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Filings;
using CourtOps.Workzone;
using CourtOps.Workzone.People;
using FluentValidation;

namespace CourtOps.Triage.Contacts;

/// <summary>A call, visit or letter becomes one contact with an answer due; for this court or for any other of the group.</summary>
[Permit("triage.work")]
[Audited("triage.contact.take")]
internal sealed record TakeContact : ICommand<TakeContact.Result>
{
    public string Service { get; init; } = "";

    /// <summary>counter, call or letter.</summary>
    public string Channel { get; init; } = "counter";

    /// <summary>Sign or name of the court that finishes it; blank for this one.</summary>
    public string Court { get; init; } = "";
    public string Person { get; init; } = "";
    public string Phone { get; init; } = "";
    public string CaseNumber { get; init; } = "";
    public string Words { get; init; } = "";

    /// <summary>Pages as whoever brings them says; material only.</summary>
    public int? DeclaredPages { get; init; }

    internal sealed record Result(long Id, string Number, DateOnly DueOn);

    internal sealed class Validator : AbstractValidator<TakeContact>
    {
        public Validator()
        {
            RuleFor(c => c.Service).Must(Services.Labels.ContainsKey).WithMessage("请选择办理的事项。");
            RuleFor(c => c.Channel).Must(c => c is "counter" or "call" or "letter").WithMessage("请选择来访方式。");
            RuleFor(c => c.Person).Must(p => PartyReading.Fold(p).Length is > 0 and <= 120).WithMessage("请填写来访人，最长 120 个字符。");
            RuleFor(c => c.Phone).Must(PartyReading.IsPhone).WithMessage("电话应为手机号或带区号的固定电话，只填数字。");
            RuleFor(c => c.CaseNumber)
                .NotEmpty()
                .When(c => Services.NeedsCase(c.Service))
                .WithMessage("这项服务要写明案号。")
                .MaximumLength(80)
                .WithMessage("案号最长 80 个字符。");
            RuleFor(c => c.Words).NotEmpty().WithMessage("请写明要办什么。").MaximumLength(2000).WithMessage("说明最长 2000 个字符。");
            RuleFor(c => c.DeclaredPages)
                .InclusiveBetween(1, 100_000)
                .When(c => c.DeclaredPages is not null)
                .WithMessage("页数应为 1 至 100000。")
                .NotNull()
                .When(c => c.Service == "material")
                .WithMessage("收转材料的，请写明提交人说的页数。");
        }
    }

    internal sealed class Handler(Actor actor, ICourts courts, ContactBook book, AuditTrail audit) : ICommandHandler<TakeContact, Result>
    {
        public async Task<Result> Handle(TakeContact request, CancellationToken cancellationToken)
        {
            var here = await courts.GetAsync(actor.CourtId, cancellationToken);
            var typed = PartyReading.Fold(request.Court);
            var there =
                typed.Length == 0 ? here : await courts.FindAsync(typed, cancellationToken) ?? throw new RuleBroken($"没有“{typed}”这个法院。", "Court");
            var (id, number, due) = await book.TakeAsync(
                new ContactAsked(
                    request.Service,
                    request.Channel,
                    here,
                    there,
                    PartyReading.Fold(request.Person),
                    PartyReading.Phone(request.Phone),
                    PartyReading.Fold(request.CaseNumber),
                    request.Words.Trim(),
                    request.DeclaredPages,
                    null
                ),
                cancellationToken
            );
            audit.Note(
                "contact",
                id,
                new
                {
                    request.Service,
                    request.Channel,
                    to = there.Code,
                }
            );
            return new Result(id, number, due);
        }
    }
}
