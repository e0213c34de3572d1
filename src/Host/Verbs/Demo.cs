using System.Text;
using CourtOps.Kernel.Data;
using CourtOps.Workzone.Imports;
using CourtOps.Workzone.People;
using CourtOps.Workzone.Seeding;

namespace CourtOps.Host.Verbs;

/// <summary>Demo mode: accounts of every role with one printed password, and a few cases, on the first run only.</summary>
internal static class Demo
{
    public const string Password = "Demo-2026-Court";
    private const string Marker = "demo";

    public static async Task MakeAsync(IServiceProvider services)
    {
        await services.GetRequiredService<ISeeder>().PeopleAsync(Password, default);
        // nobody who looks around has an authenticator for these accounts; the sign-in policy page says that it is off
        await services.GetRequiredService<MediatR.IMediator>().Send(new Workzone.Rights.SetPolicy { Policy = new SignInPolicy { SecondFactor = "off", MaxAgeDays = 0, MaxSessions = 20 }, Reason = "演示" });
        var import = services.GetRequiredService<ICaseImport>();
        using var csv = new MemoryStream(Encoding.UTF8.GetBytes(Cases(DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime))));
        var (id, _) = await import.BeginAsync(new CaseList(csv, "演示案件.csv", "csv"), default);
        await import.RunAsync(id, default);
        var db = services.GetRequiredService<Db>();
        await db.BeginAsync();
        await db.ExecuteAsync("INSERT INTO kernel_sequence (name, value) VALUES (@name, 1)", new { name = Marker });
        await db.CommitAsync();
    }

    public static async Task<bool> IsDemoAsync(IServiceProvider services) =>
        await services.GetRequiredService<Db>().ScalarAsync<int>("SELECT COUNT(*) FROM kernel_sequence WHERE name = @name", new { name = Marker }) > 0;

    public static void PrintAccounts()
    {
        Console.WriteLine($"Demo accounts, password {Password}:");
        Console.WriteLine("  judge 法官   assistant 法官助理   registrar 立案   lead 送达组长   clerk 送达书记员   archivist 归集   scheduler 审判保障   executor 执行协作   leader 院领导   sysadmin 系统管理员   secadmin 安全管理员   secadmin2 第二位安全管理员   auditor 审计员");
    }

    private static string Cases(DateOnly today)
    {
        string[] causes = ["民间借贷纠纷", "买卖合同纠纷", "机动车交通事故责任纠纷", "离婚纠纷", "物业服务合同纠纷", "追偿权纠纷", "建设工程施工合同纠纷", "劳务合同纠纷"];
        string[] claimants = ["张某甲", "李某甲", "赵某庚", "金某辛", "汪清某农资经营部", "朴某甲", "许某壬", "崔某甲"];
        string[] defendants = ["王某乙", "朴某丙", "尹某己", "延边某建材有限公司", "许某乙", "金某戊", "某劳务公司", "姜某丁"];
        int[] ages = [5, 12, 30, 48, 75, 100, 140, 160, 170, 178];
        var text = new StringBuilder("案号,法院,案由,立案日期,适用程序,标的额,承办法官,分案日期,当事人,诉讼地位,当事人类型,证件号码,电话,电子邮箱,电子送达,语言,代理人,代理人类型,代理人电话\n");
        for (var i = 0; i < 24; i++)
        {
            var filed = today.AddDays(-ages[i % ages.Length] - (i / ages.Length));
            var number = $"（{filed.Year}）吉2424民初{1200 + (i * 7)}号";
            var judge = i % 4 == 3 ? "林虚构" : i == 20 ? "" : "李测试";
            var shared = $"{number},汪清县人民法院,{causes[i % causes.Length]},{filed:yyyy-MM-dd},{(i % 5 == 1 ? "MC-SUM" : "MC-ORD")},{1862400 - (i * 71300)},{judge},{(judge.Length > 0 ? $"{filed:yyyy-MM-dd}" : "")}";
            var d = defendants[i % defendants.Length];
            var legal = d.EndsWith("公司", StringComparison.Ordinal);
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{shared},{claimants[i % claimants.Length]},原告,,{DemoId(100 + i)},1380000{i:0000},plaintiff{i}@party.example,同意,zh,孟律师（化名）,律师,1390000{i:0000}\n");
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{shared},{d},被告,{(legal ? "法人" : "自然人")},{(legal ? "91222424MA0000000X" : DemoId(500 + i))},1590000{i:0000},{(i % 3 == 2 ? "" : $"defendant{i}@party.example")},{(i % 3 == 0 ? "提供" : "")},{(i % 6 == 1 ? "ko" : "zh")},,,\n");
        }
        return text.ToString();
    }

    // an area code that does not exist, so that no real person can have it, with a right check digit
    private static string DemoId(int n)
    {
        var body = $"990101{1960 + (n % 40)}0101{n:000}";
        int[] weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        var sum = body.Select((c, i) => (c - '0') * weights[i]).Sum();
        return body + "10X98765432"[sum % 11];
    }
}
