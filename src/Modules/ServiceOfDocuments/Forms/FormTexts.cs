using CourtOps.Kernel.Web;

namespace CourtOps.ServiceOfDocuments.Forms;

/// <summary>What a form is filled with.</summary>
internal sealed record FormFacts
{
    public string Court { get; init; } = "";
    public string CaseNumber { get; init; } = "";
    public string Cause { get; init; } = "";
    public string Recipient { get; init; } = "";
    public string Role { get; init; } = "";
    public string Opponents { get; init; } = "";
    public string Documents { get; init; } = "";
    public string Address { get; init; } = "";
    public string Addressee { get; init; } = "";
    public string Postcode { get; init; } = "";
    public string Phone { get; init; } = "";
    public string Institution { get; init; } = "";
    public string? Hearing { get; init; }
    public bool Small { get; init; }
    public bool Simple { get; init; }
    public DateOnly On { get; init; }
}

/// <param name="Lines">Paragraphs; blank ones are left out.</param>
internal sealed record FormText(string Title, IReadOnlyList<string> Lines);

/// <summary>The notices, letters and forms of service, Chinese and Korean. Pure.</summary>
internal static class FormTexts
{
    /// <summary>Code → title; Chinese, the key of its English.</summary>
    public static readonly IReadOnlyDictionary<string, string> Titles = new Dictionary<string, string>
    {
        ["response"] = "应诉通知书",
        ["evidence"] = "举证通知书",
        ["rights"] = "诉讼权利义务告知书",
        ["summons"] = "传票",
        ["collect"] = "领取诉讼文书通知书",
        ["receipt"] = "送达回证",
        ["refusal"] = "拒收记录",
        ["entrust"] = "委托送达函",
        ["transfer"] = "转交送达函",
        ["envelope"] = "信封",
    };

    public static FormText Chinese(string code, FormFacts f) =>
        new(
            Titles[code],
            Trim(
                code switch
                {
                    "response" =>
                    [
                        $"{f.Recipient}：",
                        $"本院受理的{f.Opponents}与你{f.Cause}一案，现随文发送起诉状副本，并将有关事项通知如下：",
                        $"一、自收到起诉状副本之日起十五日内向本院提交答辩状及副本。不提交的，不影响案件审理。",
                        "二、有权申请回避、提供证据、进行辩论、请求调解、提起上诉，必须依法行使诉讼权利，履行发生法律效力的裁判文书。",
                        "三、自然人应当提交身份证明；法人或者其他组织应当提交营业执照副本、法定代表人或者负责人身份证明书。委托代理人的，应当提交授权委托书。",
                        "四、请填写送达地址确认书，写明准确的送达地址、电话，以及是否同意电子送达。",
                    ],
                    "evidence" =>
                    [
                        $"{f.Recipient}：",
                        $"关于{f.Cause}一案（{f.CaseNumber}），根据《中华人民共和国民事诉讼法》和《最高人民法院关于民事诉讼证据的若干规定》，通知如下：",
                        "一、当事人对自己提出的主张，有责任提供证据。",
                        f.Small ? "二、举证期限不超过七日，自收到本通知书次日起计算。"
                        : f.Simple ? "二、举证期限不超过十五日，自收到本通知书次日起计算。"
                        : "二、举证期限不少于十五日，自收到本通知书次日起计算。",
                        "三、在举证期限内提交证据确有困难的，可以在期限届满前书面申请延长。逾期提交的，应当说明理由。",
                        "四、申请证人出庭、鉴定、调查收集证据的，应当在举证期限届满前提出。",
                    ],
                    "rights" =>
                    [
                        $"{f.Recipient}：",
                        "一、有权委托代理人，申请回避，收集、提供证据，进行辩论，请求调解，提起上诉，申请执行。",
                        "二、可以查阅、复制本案有关材料和法律文书。",
                        "三、必须依法行使诉讼权利，遵守诉讼秩序，履行发生法律效力的判决书、裁定书和调解书。",
                        "四、可以使用本民族通用的语言、文字进行诉讼；不通晓当地通用语言、文字的，本院提供翻译。",
                    ],
                    "summons" =>
                    [
                        $"案号：{f.CaseNumber}",
                        $"案由：{f.Cause}",
                        $"被传唤人：{f.Recipient}（{f.Role}）",
                        "传唤事由：开庭审理",
                        $"应到时间、处所：{f.Hearing ?? "＿＿＿＿年＿＿月＿＿日＿＿时　＿＿＿＿法庭"}",
                        "注意事项：一、被传唤人须准时到达。二、携带本传票和身份证件。三、无正当理由拒不到庭的，依法缺席审理或者按撤诉处理。",
                    ],
                    "collect" =>
                    [
                        $"{f.Recipient}：",
                        $"本院有{f.Cause}一案（{f.CaseNumber}）的诉讼文书需要向你送达：{f.Documents}。",
                        "请自收到本通知之日起三日内携带身份证件到本院诉讼服务中心领取；可以同时填写送达地址确认书，选择电子送达或者邮寄送达。",
                        "到院后拒绝签收的，视为送达。咨询电话：12368。",
                    ],
                    "receipt" =>
                    [
                        $"案号：{f.CaseNumber}　　案由：{f.Cause}",
                        $"受送达人：{f.Recipient}（{f.Role}）",
                        $"送达地址：{f.Address}",
                        $"送达文书：{f.Documents}",
                        "受送达人签名或者盖章：＿＿＿＿＿＿＿＿　　＿＿＿＿年＿＿月＿＿日＿＿时",
                        "代收人签名及代收理由：＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿",
                        "受送达人拒绝签收的事由、见证人签名：＿＿＿＿＿＿＿＿＿＿＿＿",
                        "送达人签名：＿＿＿＿＿＿　＿＿＿＿＿＿",
                        "备注：",
                    ],
                    "refusal" =>
                    [
                        $"案号：{f.CaseNumber}　　案由：{f.Cause}",
                        $"＿＿＿＿年＿＿月＿＿日＿＿时＿＿分，本院工作人员到{f.Address}向{f.Recipient}送达{f.Documents}。",
                        "受送达人（同住成年家属）拒绝接收，理由：＿＿＿＿＿＿＿＿＿＿＿＿＿＿。",
                        "依照《中华人民共和国民事诉讼法》第八十九条，将诉讼文书留在受送达人的住所：☐ 有见证人签名　☐ 已拍照、录像。",
                        "见证人（签名）：＿＿＿＿＿＿　单位：＿＿＿＿＿＿＿＿",
                        "送达人（签名）：＿＿＿＿＿＿　＿＿＿＿＿＿",
                    ],
                    "entrust" =>
                    [
                        "＿＿＿＿＿＿人民法院：",
                        $"本院受理的{f.Opponents}与{f.Recipient}{f.Cause}一案（{f.CaseNumber}），需要向{f.Recipient}送达{f.Documents}。受送达人地址：{f.Address}。",
                        "依照《中华人民共和国民事诉讼法》第九十一条，委托你院代为送达。请自收到委托函之日起十日内送达，并将送达回证寄回本院；不能送达的，请在期限内函告原因。",
                    ],
                    "transfer" =>
                    [
                        $"{(f.Institution.Length > 0 ? f.Institution : "＿＿＿＿＿＿")}：",
                        $"本院受理的{f.Cause}一案（{f.CaseNumber}），需要向{f.Recipient}送达{f.Documents}。",
                        "依照《中华人民共和国民事诉讼法》第九十二条至第九十四条，请你单位收到后立即转交受送达人签收，以其在送达回证上的签收日期为送达日期，并将送达回证退回本院。",
                    ],
                    _ =>
                    [
                        f.Postcode,
                        f.Address,
                        $"{(f.Addressee.Length > 0 ? f.Addressee : f.Recipient)}　收",
                        $"电话：{f.Phone}",
                        $"{f.Court}　{f.CaseNumber}",
                    ],
                }
            )
        );

    /// <summary>The same in Korean; null for what goes to courts and institutions and not to parties.</summary>
    public static FormText? Korean(string code, FormFacts f) =>
        code switch
        {
            "response" => new(
                "응소통지서",
                [
                    $"{f.Recipient}:",
                    $"본원이 수리한 {f.Opponents}와(과) 귀하 사이의 {f.Cause} 사건에 관하여 소장 부본을 송달하며 다음과 같이 통지합니다.",
                    "1. 소장 부본을 받은 날부터 15일 이내에 본원에 답변서와 부본을 제출하십시오. 제출하지 않아도 심리에는 영향이 없습니다.",
                    "2. 귀하는 기피신청, 증거제출, 변론, 조정신청, 상소를 할 권리가 있으며, 법에 따라 소송권리를 행사하고 효력이 발생한 재판문서를 이행하여야 합니다.",
                    "3. 개인은 신분증명을, 법인 또는 단체는 영업허가증 부본과 대표자 신분증명을 제출하십시오. 대리인을 위임하는 경우 위임장을 제출하십시오.",
                    "4. 송달주소확인서에 정확한 주소와 전화, 전자송달 동의 여부를 기재하십시오.",
                ]
            ),
            "evidence" => new(
                "증거제출통지서",
                [
                    $"{f.Recipient}:",
                    $"{f.Cause} 사건({f.CaseNumber})에 관하여 다음과 같이 통지합니다.",
                    "1. 당사자는 자기의 주장에 대하여 증거를 제출할 책임이 있습니다.",
                    f.Small ? "2. 증거제출 기한은 7일을 초과하지 않으며 이 통지서를 받은 다음 날부터 계산합니다."
                    : f.Simple ? "2. 증거제출 기한은 15일을 초과하지 않으며 이 통지서를 받은 다음 날부터 계산합니다."
                    : "2. 증거제출 기한은 15일 이상이며 이 통지서를 받은 다음 날부터 계산합니다.",
                    "3. 기한 내에 제출하기 어려운 경우 기한이 끝나기 전에 서면으로 연장을 신청할 수 있습니다.",
                    "4. 증인 출석, 감정, 증거조사 신청은 기한이 끝나기 전에 하십시오.",
                ]
            ),
            "rights" => new(
                "소송권리의무고지서",
                [
                    $"{f.Recipient}:",
                    "1. 대리인 위임, 기피신청, 증거의 수집과 제출, 변론, 조정신청, 상소, 집행신청을 할 권리가 있습니다.",
                    "2. 사건 자료와 법률문서를 열람하고 복사할 수 있습니다.",
                    "3. 법에 따라 소송권리를 행사하고 소송질서를 지키며 효력이 발생한 판결서, 재정서, 조정서를 이행하여야 합니다.",
                    "4. 자기 민족의 언어와 문자로 소송할 수 있으며 필요하면 본원이 통역을 제공합니다.",
                ]
            ),
            "summons" => new(
                "소환장",
                [
                    $"사건번호: {f.CaseNumber}",
                    $"사건: {f.Cause}",
                    $"소환받은 사람: {f.Recipient}",
                    "소환 사유: 개정 심리",
                    $"출석 시간과 장소: {f.Hearing ?? "＿＿＿＿년 ＿＿월 ＿＿일 ＿＿시　＿＿＿＿법정"}",
                    "주의사항: 1. 시간에 맞추어 출석하십시오. 2. 이 소환장과 신분증을 지참하십시오. 3. 정당한 이유 없이 출석하지 않으면 결석심리하거나 소를 취하한 것으로 처리합니다.",
                ]
            ),
            "collect" => new(
                "소송문서 수령통지서",
                [
                    $"{f.Recipient}:",
                    $"{f.Cause} 사건({f.CaseNumber})의 소송문서를 송달하여야 합니다: {f.Documents}.",
                    "이 통지를 받은 날부터 3일 이내에 신분증을 지참하고 본원 소송봉사센터에서 수령하십시오. 송달주소확인서를 작성하여 전자송달 또는 우편송달을 선택할 수 있습니다.",
                    "법원에 와서 수령을 거부하면 송달된 것으로 봅니다. 문의 12368.",
                ]
            ),
            "receipt" => new(
                "송달증",
                [
                    $"사건번호: {f.CaseNumber}　사건: {f.Cause}",
                    $"송달받을 사람: {f.Recipient}",
                    $"송달 문서: {f.Documents}",
                    "송달받은 사람 서명 또는 날인: ＿＿＿＿＿＿＿＿　　＿＿＿＿년 ＿＿월 ＿＿일",
                    "대리수령인 서명과 이유: ＿＿＿＿＿＿＿＿＿＿＿＿",
                    "거부 사유와 입회인 서명: ＿＿＿＿＿＿＿＿＿＿＿＿",
                    "송달인 서명: ＿＿＿＿＿＿　＿＿＿＿＿＿",
                ]
            ),
            _ => null,
        };

    public static string Day(DateOnly on, bool korean) =>
        korean
            ? on.ToString("yyyy년 M월 d일", System.Globalization.CultureInfo.InvariantCulture)
            : on.ToString("yyyy年M月d日", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Hearing time as it stands on a summons.</summary>
    public static string Time(DateTimeOffset at) => Times.Local(at).ToString("yyyy年M月d日 HH:mm", System.Globalization.CultureInfo.InvariantCulture);

    private static IReadOnlyList<string> Trim(IReadOnlyList<string> lines) => [.. lines.Where(l => l.Trim().Length > 0)];
}
