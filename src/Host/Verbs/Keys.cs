using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;

namespace CourtOps.Host.Verbs;

/// <summary>rotate-keys: a new key, and every secret encrypted again under it. remove-key: takes an old one away that nothing uses.</summary>
internal static class Keys
{
    public static Task<int> RotateAsync(Arguments args) =>
        VerbRunner.WithHostAsync(
            args.Only("data", "reason", "continue"),
            async s =>
            {
                var rotation = s.GetRequiredService<KeyRotation>();
                if (!args.Has("continue"))
                    await rotation.RotateAsync(args.Need("reason"), default);
                var values = await rotation.ReencryptAsync(default);
                VerbRunner.Write(
                    new
                    {
                        keys = s.GetRequiredService<KeyRing>().All,
                        reencrypted = values,
                        uses = await rotation.UsesAsync(default),
                    }
                );
                return 0;
            }
        );

    public static Task<int> RemoveAsync(Arguments args) =>
        VerbRunner.WithHostAsync(
            args.Only("data", "reason"),
            async s =>
            {
                if (args.Words.Count != 1 || !int.TryParse(args.Words[0], out var id))
                    throw new BadInput("Usage: remove-key NUMBER --reason WHY", "id");
                await s.GetRequiredService<KeyRotation>().RemoveAsync(id, args.Need("reason"), default);
                VerbRunner.Write(new { keys = s.GetRequiredService<KeyRing>().All });
                return 0;
            }
        );
}
