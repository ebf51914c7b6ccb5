using CsCheck;

namespace AIHigress.Gateway.UnitTests.Wire.Translation.Generators;

/// <summary>Random choices made one after the other, for values whose later parts depend on the earlier ones.</summary>
internal sealed class Dice(PCG random)
{
    /// <summary>How many choices were made: CsCheck shrinks towards fewer.</summary>
    public uint Rolls { get; private set; }

    /// <summary>0 to <paramref name="limit"/> − 1.</summary>
    public int Below(int limit)
    {
        Rolls++;
        return (int)random.Next((uint)limit);
    }

    public int Between(int least, int most) => least + Below(most - least + 1);

    public bool Percent(int chance) => Below(100) < chance;

    public T OneOf<T>(params ReadOnlySpan<T> choices) => choices[Below(choices.Length)];

    /// <summary>The value of <paramref name="make"/>, or nothing.</summary>
    public T? Maybe<T>(int chance, Func<T> make)
        where T : class => Percent(chance) ? make() : null;

    public T? MaybeOf<T>(int chance, params ReadOnlySpan<T> choices)
        where T : struct => Percent(chance) ? OneOf(choices) : null;

    public List<T> Many<T>(int least, int most, Func<T> make)
    {
        var all = new List<T>();
        for (var left = Between(least, most); left > 0; left--)
        {
            all.Add(make());
        }

        return all;
    }
}

/// <summary>A CsCheck generator out of a function that throws dice.</summary>
internal sealed class DiceGen<T>(Func<Dice, T> make) : Gen<T>
{
    public override T Generate(PCG pcg, Size? min, out Size size)
    {
        var dice = new Dice(pcg);
        var value = make(dice);
        size = new Size(dice.Rolls);
        return value;
    }
}
