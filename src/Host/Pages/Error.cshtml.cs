using CourtOps.Kernel.Security;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Host.Pages;

/// <summary>What went wrong, in words, and a way on.</summary>
[Permit(PermitAttribute.Anyone)]
[IgnoreAntiforgeryToken]
[ResponseCache(NoStore = true)]
internal sealed class Error : PageModel
{
    [BindProperty(SupportsGet = true)]
    public int Code { get; set; }

    public string Title =>
        Code switch
        {
            400 => "请求有误，或页面已过期",
            401 => "请先登录",
            403 => "您没有权限做这件事",
            404 => "找不到这个页面，或它不归您看",
            409 => "已被他人变更",
            413 => "内容太大",
            422 => "不符合规则",
            429 => "请求太频繁",
            507 => "存储空间不足，这次没有保存",
            _ => "系统出错了，已经记录",
        };

    public string WayOut =>
        Code == 429 ? "请求太频繁，请一分钟后再试。"
        : Code == 507 ? "您填写的内容没有保存。请告诉系统管理员清理存储空间，再返回上一页重新提交。"
        : "请返回上一页再试；若仍不行，把时间和您在做的事告诉管理员。";
}
