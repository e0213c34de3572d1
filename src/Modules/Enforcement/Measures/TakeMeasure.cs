using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using FluentValidation;

namespace CourtOps.Enforcement.Measures;

/// <summary>Records a measure: on an asset of the case, or on one described here. Without a start it is ruled only, and must be served on the
/// authority.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.measure.take")]
internal sealed record TakeMeasure : ICommand<MeasureRow>
{
    public long CaseId { get; init; }
    public long? AssetId { get; init; }

    /// <summary>Needed where no asset is named.</summary>
    public long? PartyId { get; init; }

    /// <summary>deposit, movable, immovable, other, trademark, patent; told by the category where that is given.</summary>
    public string Kind { get; init; } = "";
    public string Category { get; init; } = "";

    /// <summary>What it is: account, plate, title number.</summary>
    public string Description { get; init; } = "";
    public DateOnly? RuledOn { get; init; }

    /// <summary>Day the notice of assistance was served, which is when it takes effect (查扣冻规定 1).</summary>
    public DateOnly? Start { get; init; }
    public int? Years { get; init; }

    /// <summary>enforcement or preservation; empty: what the case is for.</summary>
    public string Basis { get; init; } = "enforcement";

    /// <summary>Yuan.</summary>
    public decimal? Amount { get; init; }

    /// <summary>1 first, 2 and more waiting.</summary>
    public int Place { get; init; } = 1;
    public string Authority { get; init; } = "";
    public string Paper { get; init; } = "";
    public string Receipt { get; init; } = "";
    public DateOnly? ReceiptEnd { get; init; }
    public int? ReceiptPlace { get; init; }

    /// <summary>Of a waiting one: when the measure before it ends, where that is known.</summary>
    public DateOnly? HeadEnd { get; init; }

    internal sealed class Validator : AbstractValidator<TakeMeasure>
    {
        public Validator()
        {
            RuleFor(c => c.CaseId).NotEmpty().WithMessage("请指明案件。");
            RuleFor(c => c.PartyId).NotNull().When(c => c.AssetId is null).WithMessage("请选择被查控人。");
            RuleFor(c => c.Description)
                .NotEmpty()
                .When(c => c.AssetId is null)
                .WithMessage("请写明财产：账号、车牌、不动产权证号。")
                .MaximumLength(200)
                .WithMessage("财产描述最长 200 个字符。");
            RuleFor(c => c.Start).NotNull().When(c => c.RuledOn is null).WithMessage("请填写控制日期；还没有送达协助机关的，填写裁定日期。");
            RuleFor(c => c.Amount)
                .GreaterThan(0)
                .When(c => c.Amount is not null)
                .WithMessage("限额应大于零。")
                .LessThanOrEqualTo(9_999_999_999.99m)
                .WithMessage("限额过大，请核对。")
                .Must(a => a is null || decimal.Round(a.Value, 2) == a.Value)
                .WithMessage("限额最多两位小数。");
            RuleFor(c => c.Place).InclusiveBetween(1, 99).WithMessage("顺位从 1（首封）到 99。");
            RuleFor(c => c.Authority).MaximumLength(120).WithMessage("协助机关最长 120 个字符。");
            RuleFor(c => c.Paper).MaximumLength(120).WithMessage("文书号最长 120 个字符。");
            RuleFor(c => c.Receipt).MaximumLength(120).WithMessage("回执号最长 120 个字符。");
        }
    }

    internal sealed class Handler(MeasureTaking taking, AuditTrail audit) : ICommandHandler<TakeMeasure, MeasureRow>
    {
        public async Task<MeasureRow> Handle(TakeMeasure c, CancellationToken cancellationToken)
        {
            var m = await taking.TakeAsync(c, cancellationToken);
            audit.Note(
                "measure",
                m.Id,
                new
                {
                    m.Kind,
                    m.State,
                    m.Place,
                    m.StartOn,
                    m.EndOn,
                },
                m.CaseId
            );
            return m;
        }
    }
}
