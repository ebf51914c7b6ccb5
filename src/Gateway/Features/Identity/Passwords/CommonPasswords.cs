using System.Collections.Frozen;

namespace AIHigress.Gateway.Features.Identity.Passwords;

/// <summary>
/// The passwords that guessers try first. They are made of few things — a common word or a walk over the keyboard, with
/// digits or signs around it, perhaps in look-alike characters — so they are recognized by how they are made: some
/// hundred words stand for tens of thousands of passwords.
/// </summary>
internal static class CommonPasswords
{
    private const int Around = 4;

    private static readonly string[] DateForms = ["ddMMyyyy", "MMddyyyy", "yyyyMMdd", "yyMMdd", "ddMMyy"];

    private static readonly string[] Rows =
    [
        "qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890", "abcdefghijklmnopqrstuvwxyz", "qwertzuiop", "azertyuiop",
        "qazwsxedcrfvtgbyhnujmikolp", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0",
        "zaqxswcdevfrbgtnhymjukilop", "qweasdzxc", "1234qwerasdfzxcv", "147258369", "789456123", "123654789",
    ];

    private static readonly FrozenSet<string> Words = """
        password passwort passw0rd passwd parola contrasena senha motdepasse mima wachtwoord haslo secret secrets private access
        admin administrator root superuser sysadmin manager operator guest user username login signin logon welcome changeme change
        default letmein openup trustno iloveyou ilovegod iloveu loveyou loveme lovely love lover forever always family friend friends
        mother father mommy daddy brother sister baby babygirl babyboy princess prince queen king angel angels sweetie honey sugar
        sunshine rainbow flower flowers butterfly summer winter spring autumn monday tuesday wednesday thursday friday saturday sunday
        january february march april june july august september october november december london paris berlin beijing shanghai tokyo
        moscow newyork boston chicago dallas houston austin denver phoenix florida texas california canada america england france
        germany china china123 russia brazil india mexico spain italy australia liverpool chelsea arsenal manchester barcelona
        juventus realmadrid football soccer baseball basketball hockey tennis golfer golf racing yankees cowboys steelers eagles
        lakers bulls rangers packers raiders redsox tigers dragon dragons monkey tiger lion lions wolf wolves eagle falcon hunter
        hunting fishing fisher horse horses puppy kitty kitten doggie doggy turtle dolphin panther panda rabbit bunny chicken
        spider spiderman batman superman ironman captain starwars startrek pokemon pikachu naruto mario luigi zelda sonic minecraft
        fortnite roblox warcraft counter gamer player master masters mustang corvette ferrari porsche mercedes harley yamaha honda
        toyota camaro jaguar shadow midnight thunder lightning phantom killer ninja samurai warrior knight wizard merlin gandalf
        matrix hacker computer internet server network system windows microsoft google facebook twitter instagram youtube linkedin
        apple android samsung nokia iphone oracle linux ubuntu debian github docker kubernetes mysql postgres redis cisco test
        tester testing testtest demo sample example temp temporary qwerty qwert azerty asdfgh asdf zxcvbn zxcv abc abcd abcde abcdef
        alphabet michael michelle jennifer jessica ashley amanda daniel andrew joshua matthew robert thomas charlie george jordan
        anthony william nicole justin brandon samantha elizabeth maggie sophie hannah melissa danielle stephanie natasha vanessa
        sandra patricia barbara martin alexander alexandra nicholas benjamin jonathan christopher richard steven patrick cameron
        tyler taylor austin chelsey jasmine bailey buster ginger pepper cookie cookies chocolate cheese banana orange apples peanut
        coffee whiskey vodka heineken corona marlboro purple yellow green silver golden diamond crystal black white blue pink red
        happy smile lucky freedom heaven jesus christ church faith hope blessed godisgood peace music guitar metallica nirvana
        beatles rockstar dancer dancing player1 money dollar million success winner number secret1 nothing something whatever
        maverick scooter rocket bandit ranger soldier sniper marine army navy police fire water earth storm hello hellohello hi
        helloworld world goodbye goodluck byebye asshole fuckyou fuckoff fuck bitch sexy playboy hotmail gmail yahoo mail email
        woaini aini nihao zhongguo wangyi taobao alipay tencent qqqq aaaa zzzz xxxx boss hunter2 access14 trustme openai chatgpt
        claude gemini gateway higress aihigress apikey token bearer
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

    public static bool Contains(string password)
    {
        var plain = password.ToLowerInvariant();
        return Repeats(plain) || IsWalk(plain) || IsDate(plain) || IsWord(plain);
    }

    /// <summary>"aaaaaaaa", "abcabcabc", "12121212": one short piece over and over.</summary>
    private static bool Repeats(string text)
    {
        for (var piece = 1; piece <= Math.Min(4, text.Length / 2); piece++)
        {
            if (Enumerable.Range(piece, text.Length - piece).All(i => text[i] == text[i - piece]))
            {
                return true;
            }
        }

        return IsWord(text[..(text.Length / 2)]) && text[..(text.Length / 2)] == text[(text.Length / 2)..];
    }

    /// <summary>Pieces of at least three neighbours on the keyboard or in the alphabet, and nothing else: "qwerty123", "123abc456".</summary>
    private static bool IsWalk(string text)
    {
        var at = 0;
        while (at < text.Length)
        {
            var step = Rows.Max(row => Math.Max(Run(row, text, at), Run(Reverse(row), text, at)));
            if (step < 3 && (at == 0 || text.Length - at > 2))
            {
                return false;
            }

            at += Math.Max(step, 1);
        }

        return true;
    }

    private static bool IsDate(string text) =>
        text.Length is 6 or 8 && text.All(char.IsAsciiDigit)
        && DateForms.Any(form => DateOnly.TryParseExact(text, form, out _));

    /// <summary>A common word with up to four digits or signs in front and behind.</summary>
    private static bool IsWord(string text)
    {
        for (var start = 0; start <= Around && start < text.Length; start++)
        {
            for (var end = text.Length; end > start && text.Length - end <= Around; end--)
            {
                var core = text[start..end];
                if (Words.Contains(core) || Words.Contains(Plain(core)))
                {
                    return true;
                }

                if (char.IsLetter(text[end - 1]))
                {
                    break;
                }
            }

            if (char.IsLetter(text[start]))
            {
                break;
            }
        }

        return false;
    }

    /// <summary>Look-alike characters back to letters: "p@ssw0rd" is "password".</summary>
    private static string Plain(string text) => string.Create(text.Length, text, (span, source) =>
    {
        for (var i = 0; i < source.Length; i++)
        {
            span[i] = source[i] switch
            {
                '@' or '4' => 'a',
                '3' => 'e',
                '1' or '!' => 'i',
                '0' => 'o',
                '5' or '$' => 's',
                '7' => 't',
                var other => other,
            };
        }
    });

    private static int Run(string row, string text, int at)
    {
        var best = 0;
        for (var start = 0; start < row.Length; start++)
        {
            var length = 0;
            while (start + length < row.Length && at + length < text.Length && row[start + length] == text[at + length])
            {
                length++;
            }

            best = Math.Max(best, length);
        }

        return best;
    }

    private static string Reverse(string text)
    {
        var characters = text.ToCharArray();
        Array.Reverse(characters);
        return new string(characters);
    }
}
