namespace CourtOps.Cataloguing.Intake;

/// <summary>Why a file or a page is not taken: stored codes and what people read.</summary>
internal static class Refusals
{
    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        ["empty"] = "文件是空的，没有内容",
        ["kind"] = "不是 PDF、TIFF、JPEG、PNG、Word 或 ZIP 文件，扩展名不作数",
        ["encrypted"] = "PDF 有打开密码，请去掉密码后重新提交",
        ["broken"] = "文件已损坏或不完整，不能逐页打开，请重新扫描或导出",
        ["page"] = "有一页打不开或图像已损坏，请重新扫描这份材料",
        ["too-many-pages"] = "超过 3000 页，请拆分后提交",
        ["oversized"] = "有一页的图像过大，超过 2.2 亿像素，请按 300 dpi 重新扫描",
        ["slow"] = "检查用时过长，请重新导出后再试",
        ["xfa"] = "是 XFA 动态表单，别的程序只看得到“请稍候”，请打印成 PDF 后提交",
        ["launch"] = "PDF 里有会启动程序的动作，请打印成 PDF 后提交",
        ["same-here"] = "同一批里已有内容完全相同的文件",
        ["same-case"] = "本案已收过内容完全相同的文件",
        ["office"] = "服务器没有安装 LibreOffice，不能打开 Word 文件，请另存为 PDF 后提交",
        ["office-password"] = "Word 文件有打开密码，请去掉密码后重新提交",
        ["ofd"] = "是 OFD 文件，本系统还不能打开，请另存为 PDF 后提交",
        ["tool"] = "服务器缺少打开 PDF 的程序 poppler-utils 或 qpdf，请系统管理员安装后重试",
        ["zip-unsafe"] = "压缩包里的路径不安全",
        ["zip-large"] = "压缩包解开后过大或文件过多",
        ["zip-nested"] = "压缩包里还有压缩包，请解开后提交",
        ["zip-empty"] = "压缩包里没有可收的文件",
        ["crashed"] = "打开时程序异常退出，请重新扫描或导出",
        ["hung"] = "打开时超过时限，请重新扫描或导出",
        ["memory"] = "打开时超过内存上限，请拆分后提交",
    };

    public static string Of(string code) => Labels.GetValueOrDefault(code, Labels["broken"]);
}
