using CourtOps.Kernel.Messaging;
using Microsoft.AspNetCore.Identity;

namespace CourtOps.Workzone.People;

/// <summary>
/// How people sign in: a typed record with defaults, kept in versions and changed by two persons. Sources: GB/T 22239 level 3 as practised (RULEBOOK I-01, a
/// default, not law).
/// </summary>
public sealed record SignInPolicy
{
    /// <summary>8 to 64 characters.</summary>
    public int MinLength { get; init; } = 10;

    /// <summary>For administrators; never less than <see cref="MinLength"/>.</summary>
    public int MinLengthAdministrator { get; init; } = 12;

    /// <summary>Of small letters, capitals, digits and signs; 1 to 4.</summary>
    public int Classes { get; init; } = 3;

    /// <summary>Days until a password must be changed; 0 never, at most 365.</summary>
    public int MaxAgeDays { get; init; } = 90;

    /// <summary>Wrong tries before the account is locked; 3 to 10.</summary>
    public int TriesBeforeLock { get; init; } = 5;

    /// <summary>Minutes; 15 to 1440.</summary>
    public int LockMinutes { get; init; } = 15;

    /// <summary>Minutes without a step of the person's own until the session ends; 5 to 60.</summary>
    public int IdleMinutes { get; init; } = 15;

    /// <summary>Hours until a session ends in any case; 1 to 24.</summary>
    public int MaxHours { get; init; } = 12;

    /// <summary>Sessions a person may have at once; 1 to 20. The oldest ends.</summary>
    public int MaxSessions { get; init; } = 5;

    /// <summary>"administrators", "everyone", or "off" (demonstrations only).</summary>
    public string SecondFactor { get; init; } = "administrators";

    /// <summary>What people read for each, by its name; Chinese, the key of its translation.</summary>
    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        [nameof(MinLength)] = "密码最少字符",
        [nameof(MinLengthAdministrator)] = "管理员密码最少字符",
        [nameof(Classes)] = "字符种类",
        [nameof(MaxAgeDays)] = "密码有效天数（0 不限）",
        [nameof(TriesBeforeLock)] = "连错几次锁定",
        [nameof(LockMinutes)] = "锁定分钟",
        [nameof(IdleMinutes)] = "闲置几分钟退出",
        [nameof(MaxHours)] = "一次登录最长小时",
        [nameof(MaxSessions)] = "同时登录数",
        [nameof(SecondFactor)] = "第二因素",
    };

    public static readonly IReadOnlyDictionary<string, string> SecondFactors = new Dictionary<string, string>
    {
        ["administrators"] = "管理员必须",
        ["everyone"] = "全体必须",
        ["off"] = "不要求（仅演示）",
    };

    /// <summary>The first thing that is out of range, or null.</summary>
    public string? WhyNot() =>
        MinLength is < 8 or > 64 ? "密码长度应在 8 到 64 之间。"
        : MinLengthAdministrator < MinLength || MinLengthAdministrator > 64 ? "管理员密码长度不能少于普通长度，最多 64。"
        : Classes is < 1 or > 4 ? "字符种类应在 1 到 4 之间。"
        : MaxAgeDays is < 0 or > 365 ? "密码有效期应在 0 到 365 天之间。"
        : TriesBeforeLock is < 3 or > 10 ? "锁定前的次数应在 3 到 10 之间。"
        : LockMinutes is < 15 or > 1440 ? "锁定时间应在 15 到 1440 分钟之间。"
        : IdleMinutes is < 5 or > 60 ? "闲置时间应在 5 到 60 分钟之间。"
        : MaxHours is < 1 or > 24 ? "会话最长应在 1 到 24 小时之间。"
        : MaxSessions is < 1 or > 20 ? "同时会话数应在 1 到 20 之间。"
        : SecondFactor is not ("administrators" or "everyone" or "off") ? "第二因素只能是管理员、全体或关闭。"
        : null;

    /// <summary>Whether a password of this age must be changed.</summary>
    public bool IsAged(DateTimeOffset changedAt, DateTimeOffset now) => MaxAgeDays > 0 && changedAt.AddDays(MaxAgeDays) < now;

    public bool NeedsSecondFactor(IEnumerable<string> roles) =>
        SecondFactor == "everyone" || (SecondFactor == "administrators" && roles.Any(r => Kernel.Security.Separation.IsAdministrator(r)));
}

/// <summary>Passwords: ASP.NET Core's hashing, and the policy.</summary>
internal static class Passwords
{
    private static readonly PasswordHasher<string> Hasher = new();

    // Verified when the login is unknown, so that time does not tell who exists.
    private static readonly string Decoy = Hasher.HashPassword("", Guid.NewGuid().ToString());

    public static string Hash(string password) => Hasher.HashPassword("", password);

    public static bool Verify(string? hash, string password) =>
        Hasher.VerifyHashedPassword("", hash ?? Decoy, password) != PasswordVerificationResult.Failed && hash is not null;

    /// <exception cref="RuleBroken">Too short, too long, too simple, or with the login in it.</exception>
    public static void Check(SignInPolicy policy, string password, string login, bool administrator)
    {
        var least = administrator ? policy.MinLengthAdministrator : policy.MinLength;
        if (password.Length < least)
            throw new RuleBroken($"密码至少 {least} 个字符。", "Password");
        if (password.Length > 200)
            throw new RuleBroken("密码最长 200 个字符。", "Password");
        if (password.Contains(login, StringComparison.OrdinalIgnoreCase) || password.Distinct().Count() < 5)
            throw new RuleBroken("密码不能包含登录名，且至少有 5 个不同的字符。", "Password");
        var classes = new[]
        {
            password.Any(char.IsLower),
            password.Any(char.IsUpper),
            password.Any(char.IsDigit),
            password.Any(c => !char.IsLetterOrDigit(c)),
        }.Count(x => x);
        if (classes < policy.Classes && password.Length < 2 * least)
            throw new RuleBroken($"密码须含小写、大写、数字、符号中的 {policy.Classes} 种；或用 {2 * least} 个字符以上的长句。", "Password");
    }
}
