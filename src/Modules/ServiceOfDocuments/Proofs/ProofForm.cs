using CourtOps.Kernel.Printing;

namespace CourtOps.ServiceOfDocuments.Proofs;

/// <summary>
/// What stands on a proof of service (送达回证): the fields of CPL 87, and for electronic service those of the voucher of
/// 在线诉讼规则 31(3). All text is ready to print: dates and times in court time, Chinese. Null prints as a stroke.
/// </summary>
internal sealed record ProofForm
{
    public required string Court { get; init; }
    public required string Voucher { get; init; }
    public required string CaseNumber { get; init; }
    public required string Cause { get; init; }
    public required string Recipient { get; init; }
    public required string Role { get; init; }
    public required IReadOnlyList<ServedDocument> Documents { get; init; }

    /// <summary>电子送达, 邮寄送达 …</summary>
    public required string Method { get; init; }

    /// <summary>Electronic service: prints the voucher's notes.</summary>
    public required bool Electronic { get; init; }
    public required string Sender { get; init; }
    public required string Address { get; init; }

    /// <summary>Where the address comes from: 送达地址确认书 2026-05-11.</summary>
    public string? AddressBasis { get; init; }
    public string? SentAt { get; init; }
    public string? ArrivedAt { get; init; }
    public string? ReadAt { get; init; }
    public string? ConfirmedAt { get; init; }
    public required string EffectiveOn { get; init; }
    public required string EffectiveBasis { get; init; }

    /// <summary>How the recipient acknowledged: signature, or how the person was identified and confirmed.</summary>
    public string? Receipt { get; init; }
    public string? Proxy { get; init; }
    public string? Refusal { get; init; }
    public required string Server { get; init; }
    public string? Remarks { get; init; }
    public required string MadeAt { get; init; }
    public required string MadeOn { get; init; }

    /// <param name="Copies">1 份 12 页</param>
    /// <param name="Hash">SHA-256 of the bytes that were served, hexadecimal.</param>
    internal sealed record ServedDocument(int Number, string Name, string Copies, string? Hash);

    private static readonly Lazy<HtmlTemplate> Template = new(() => HtmlTemplate.FromResource(typeof(ProofForm).Assembly, "Templates.proof-of-service.html"));

    /// <summary>The form as an HTML document to print.</summary>
    public string ToHtml() => Template.Value.Render(this);
}
