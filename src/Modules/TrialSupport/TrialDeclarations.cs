using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Settings;
using CourtOps.TrialSupport.Assessors;
using CourtOps.TrialSupport.Investigations;

namespace CourtOps.TrialSupport;

/// <summary>What the capabilities round the hearing declare: activities and settings.</summary>
internal static class TrialDeclarations
{
    public static void Declare(ModuleDeclaration declare)
    {
        declare.Activity("trial.paper.check", "外部制作文书质检", AuditCategories.Document);
        declare.Activity("trial.paper.release", "外部制作文书放行", AuditCategories.Document, "notice");
        declare.Activity("trial.hearing.substitute", "更换合议庭成员", AuditCategories.Case, "notice");
        declare.Activity("trial.sample.review", "抽检文书", AuditCategories.Document, "notice");
        declare.Activity("trial.sample.list", "文书抽检列表", AuditCategories.Document, "info", Retention.Access);
        declare.Activity("trial.template.save", "保存文书模板", AuditCategories.Settings);
        declare.Activity("trial.template.drop", "停用文书模板", AuditCategories.Settings, "notice");
        declare.Activity("trial.law.import", "导入法律", AuditCategories.Settings);
        declare.Activity("trial.law.drop", "停用法律文本", AuditCategories.Settings, "notice");
        declare.Activity("trial.law.list", "法律库", AuditCategories.Settings, "info", Retention.Access);
        declare.Activity("trial.library.import", "导入案例", AuditCategories.Settings);
        declare.Activity("trial.library.drop", "停用案例", AuditCategories.Settings, "notice");
        declare.Activity("trial.library.list", "案例库", AuditCategories.Settings, "info", Retention.Access);
        declare.Activity("trial.plan.begin", "开始排期方案", AuditCategories.Case);
        declare.Activity("trial.plan.stop", "停止或者放弃排期方案", AuditCategories.Case);
        declare.Activity("trial.plan.take", "采用排期方案", AuditCategories.Case, "notice");
        declare.Activity("trial.plan.show", "查看排期方案", AuditCategories.Case, "info", Retention.Access);
        declare.Activity("trial.assessor.save", "保存人民陪审员", AuditCategories.Settings);
        declare.Activity("trial.assessor.away", "人民陪审员请假", AuditCategories.Settings);
        declare.Activity("trial.interpreter.save", "保存翻译人员", AuditCategories.Settings);
        declare.Activity("trial.interpreter.away", "翻译人员请假", AuditCategories.Settings);
        declare.Activity("trial.assessor.draw", "抽取人民陪审员", AuditCategories.Case, "notice");
        declare.Activity("trial.assessor.replace", "递补人民陪审员", AuditCategories.Case, "notice");
        declare.Activity("trial.assessor.list", "查看陪审员抽取", AuditCategories.Case, "info", Retention.Access);
        declare.Activity("trial.element.send", "发要素表", AuditCategories.Case);
        declare.Activity("trial.element.fill", "代填要素表", AuditCategories.Case);
        declare.Activity("trial.element.own", "当事人填写要素表", AuditCategories.Case);
        declare.Activity("trial.element.close", "要素表截止或者重新开放", AuditCategories.Case);
        declare.Activity("trial.element.show", "查看要素表", AuditCategories.Case, "info", Retention.Access);
        declare.Activity("trial.consent.record", "登记在线开庭的同意", AuditCategories.Case);
        declare.Activity("trial.attendance.record", "登记到庭情况", AuditCategories.Case);
        declare.Activity("trial.exhibit.save", "登记证据", AuditCategories.Case);
        declare.Activity("trial.exhibit.return", "退还证据", AuditCategories.Case);
        declare.Activity("trial.exhibit.list", "查看证据清单", AuditCategories.Case, "info", Retention.Access);
        declare.Activity("trial.speech.ask", "语音转写", AuditCategories.Case);
        declare.Activity("trial.speech.mend", "改正转写", AuditCategories.Case);
        declare.Activity("trial.search.file", "提交类案检索报告", AuditCategories.Case, "notice");
        declare.Activity("trial.similar.show", "查看类案", AuditCategories.Case, "info", Retention.Access);
        declare.Activity("trial.investigation.ask", "申请调查令", AuditCategories.Case);
        declare.Activity("trial.investigation.decide", "决定调查令", AuditCategories.Case, "notice");
        declare.Activity("trial.investigation.return", "登记调查结果", AuditCategories.Case);
        declare.Activity("trial.investigation.list", "查看调查令", AuditCategories.Case, "info", Retention.Access);
        declare.Activity("trial.appeal.register", "登记上诉", AuditCategories.Case, "notice");
        declare.Activity("trial.appeal.step", "上诉移送办理", AuditCategories.Case);
        declare.Activity("trial.appeal.transfer", "移送上诉案卷", AuditCategories.Case, "notice");
        declare.Activity("trial.appeal.ask", "要求补正上诉", AuditCategories.Case);
        declare.Activity("trial.appeal.need", "登记上诉补正", AuditCategories.Case);
        declare.Activity("trial.appeal.upper", "登记二审案号和结果", AuditCategories.Case, "notice");
        declare.Activity("trial.appeal.list", "查看上诉移送", AuditCategories.Case, "info", Retention.Access);
        declare.Activity("trial.meeting.paper", "评议材料", AuditCategories.Case);
        declare.Activity("trial.meeting.paper.read", "查看评议材料", AuditCategories.Case, "info", Retention.Access);
        declare.Activity("trial.recorder.take", "收录录像机的录像", AuditCategories.Case);
        declare.Activity("trial.recorder.assign", "认领录像机的录像", AuditCategories.Case, "notice");
        declare.Activity("trial.recorder.refuse", "不收录像机的录像", AuditCategories.Case, "notice");
        declare.Activity("trial.recorder.list", "录像机文件列表", AuditCategories.Case, "info", Retention.Access);
        declare.Job<Recordings.Recorder.LookAtRecorder>("trial.recorder.look", "40 * * * * ?", "收录像机文件夹里的录像");
        declare.Setting(
            new Setting<Recordings.Recorder.RecorderSettings>
            {
                Key = "trial.recorder",
                Label = "录像机文件夹",
                Help = "法庭录像机的文件静止多久算写完，办完后移走还是留着。文件夹本身在服务器的配置里设。",
                Affects = "此后收到的文件",
                Centre = "trial",
                Values =
                [
                    new(nameof(Recordings.Recorder.RecorderSettings.QuietMinutes), "静止时间", "大小和时间这么久没有变，才算写完。")
                    {
                        Unit = "分钟",
                        Min = 1,
                        Max = 120,
                        Source = "P",
                    },
                    new(nameof(Recordings.Recorder.RecorderSettings.Move), "办完后移走", "1：移到 taken 文件夹；0：留在原处。")
                    {
                        Min = 0,
                        Max = 1,
                        Source = "P",
                    },
                    new(nameof(Recordings.Recorder.RecorderSettings.EdgeMinutes), "庭前庭后的余量", "排定时间前后这么久的录像也算这次庭审的。")
                    {
                        Unit = "分钟",
                        Min = 0,
                        Max = 120,
                        Source = "P",
                    },
                ],
            }
        );
        declare.Secret("trial_element_side", "id", "token_enc");
        declare.Secret("trial_element_side", "id", "answers_enc");
        declare.Secret("trial_public_element", "id", "answers_enc");
        declare.Setting(
            new Setting<InvestigationRules>
            {
                Key = "trial.investigation",
                Label = "律师调查令",
                Help = "决定的期限和有效期，按本省规定。",
                Affects = "此后的申请",
                Centre = "trial",
                Values =
                [
                    new(nameof(InvestigationRules.DecideDays), "决定期限", "自申请的次日起算。")
                    {
                        Unit = "日",
                        Min = 1,
                        Max = 15,
                        Source = "E-09",
                    },
                    new(nameof(InvestigationRules.ValidDays), "有效期", "自签发的次日起算，最长三十日。")
                    {
                        Unit = "日",
                        Min = 1,
                        Max = 30,
                        Source = "E-09",
                    },
                ],
            }
        );
        declare.Setting(
            new Setting<Drafts.SignOffRules>
            {
                Key = "trial.signoff",
                Label = "文书签发",
                Help = "哪些文书要院庭长签署，制发后抽检多少。",
                Affects = "此后的制发",
                Centre = "trial",
                Values =
                [
                    new(nameof(Drafts.SignOffRules.HeadForAll), "全部裁判文书须院庭长签署", "0：只有四类案件；1：全部。")
                    {
                        Min = 0,
                        Max = 1,
                        Source = "法发〔2021〕30号",
                    },
                    new(nameof(Drafts.SignOffRules.SamplePercent), "制发后抽检", "每一百份裁判文书中抽出复核的份数。")
                    {
                        Unit = "%",
                        Min = 0,
                        Max = 100,
                        Source = "P",
                    },
                ],
            }
        );
        declare.Setting(
            new Setting<Interpreters.ResourceRules>
            {
                Key = "trial.resources",
                Label = "提押和路途",
                Help = "一日能提押几起，在别的法院还有庭的人留多少路途时间。",
                Affects = "此后的排期和改期",
                Centre = "trial",
                Values =
                [
                    new(nameof(Interpreters.ResourceRules.EscortsADay), "一日提押的庭", "满了的那一天不再排需要提押的庭。")
                    {
                        Unit = "起",
                        Min = 1,
                        Max = 50,
                        Source = "P",
                    },
                    new(nameof(Interpreters.ResourceRules.TravelMinutes), "外院庭审前后的路途时间", "同一个人在别的法院线下开庭，前后这些分钟不排。")
                    {
                        Unit = "分钟",
                        Min = 0,
                        Max = 240,
                        Source = "P",
                    },
                ],
            }
        );
        declare.Setting(
            new Setting<AssessorRules>
            {
                Key = "trial.assessors",
                Label = "人民陪审员抽取",
                Help = "每人一年参审的上限和抽取的时间。",
                Affects = "此后的抽取",
                Centre = "trial",
                Values =
                [
                    new(nameof(AssessorRules.MostCases), "每人每年参审上限", "满了的不参加抽取。")
                    {
                        Unit = "件",
                        Min = 1,
                        Max = 100,
                        Source = "人民陪审员法 24",
                    },
                    new(nameof(AssessorRules.DaysBefore), "开庭前几日抽取", "第一次抽取不得晚于开庭前这些日；递补和重新抽取不受限制。")
                    {
                        Unit = "日",
                        Min = 7,
                        Max = 60,
                        Source = "G-01",
                    },
                ],
            }
        );
    }
}
