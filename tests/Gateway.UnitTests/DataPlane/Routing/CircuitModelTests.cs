using AIHigress.Gateway.DataPlane.Routing;
using AIHigress.Gateway.DataPlane.Routing.Circuits;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace AIHigress.Gateway.UnitTests.DataPlane.Routing;

/// <summary>What must hold of a circuit whatever happens to it, one thing after the other and many at once.</summary>
public sealed class CircuitModelTests
{
    // The rule of shares has tests of its own.
    private static readonly CircuitLimits Limits = new() { RateMinimum = int.MaxValue };

    private enum Step
    {
        Start,
        Fail,
        Succeed,
        Begin,
        Abandon,
        Wait,
        WaitLong,
        Tell,
    }

    [Fact]
    public void AnySteps_OneAfterTheOther_ItIsWhatAPlainModelSays()
    {
        Gen.Select(Gen.Enum<Step>(), Gen.Int[0, 3]).Array[0, 80].Sample(steps =>
        {
            var time = new FakeTimeProvider();
            var circuit = new Circuit(time);
            var model = new Model();
            var running = new List<(CircuitPass Pass, int Trial)>();
            var source = 0;
            foreach (var (step, which) in steps)
            {
                var now = time.GetTimestamp();
                if (step == Step.Start)
                {
                    var passes = circuit.TryStart(out var pass);
                    Assert.Equal(model.TryStart(now, out var trial), passes);
                    if (passes)
                    {
                        Assert.Equal(trial != 0, pass.IsTrial);
                        running.Add((pass, trial));
                    }
                }
                else if (step is Step.Wait or Step.WaitLong)
                {
                    time.Advance(TimeSpan.FromSeconds(step == Step.Wait ? 13 : 300));
                }
                else if (step == Step.Tell)
                {
                    if (circuit.Export() is { } record)
                    {
                        circuit.Adopt(record);
                    }
                }
                else if (running.Count > 0)
                {
                    var at = which % running.Count;
                    var (pass, trial) = running[at];
                    End(circuit, model, step, pass, trial, now, ref source);
                    if (step != Step.Begin)
                    {
                        running.RemoveAt(at);
                    }
                }

                Assert.Equal(model.PhaseAt(time.GetTimestamp()), circuit.Phase);
            }
        });
    }

    [Fact]
    public void ManyThreads_TrialsOfAnOpenCircuit_NeverTwoAtATime()
    {
        Gen.Int[2, 6].Array[4, 4].Sample(
            rounds =>
            {
                var time = new FakeTimeProvider();
                var circuit = new Circuit(time);
                circuit.Failed(1, TimeSpan.FromSeconds(60));
                var (underWay, most) = (0, 0);
                foreach (var threads in rounds)
                {
                    time.Advance(TimeSpan.FromMinutes(10));
                    Parallel.For(0, threads * 8, new ParallelOptions { MaxDegreeOfParallelism = threads }, i =>
                    {
                        if (!circuit.TryStart(out var pass))
                        {
                            return;
                        }

                        Assert.True(pass.IsTrial);
                        var now = Interlocked.Increment(ref underWay);
                        InterlockedMax(ref most, now);
                        Interlocked.Decrement(ref underWay);
                        if (i % 2 == 0)
                        {
                            circuit.Abandoned(pass);
                        }
                        else
                        {
                            circuit.Failed(pass, Limits, new FailureSource(i, i, false), null);
                        }
                    });
                }

                Assert.Equal(1, most);
            },
            iter: 50,
            threads: 1);
    }

    private static void End(Circuit circuit, Model model, Step step, CircuitPass pass, int trial, long now, ref int source)
    {
        switch (step)
        {
            case Step.Fail:
                circuit.Failed(pass, Limits, new FailureSource(2, ++source, false), "failed");
                model.Failed(now, trial);
                break;
            case Step.Succeed:
                circuit.Succeeded(pass, 2);
                model.Succeeded(pass.At, trial);
                break;
            case Step.Begin:
                circuit.Began(pass);
                model.Began(trial);
                break;
            case Step.Abandon:
                circuit.Abandoned(pass);
                model.Abandoned(now, trial);
                break;
        }
    }

    private static void InterlockedMax(ref int most, int value)
    {
        var seen = Volatile.Read(ref most);
        while (value > seen)
        {
            var found = Interlocked.CompareExchange(ref most, value, seen);
            if (found == seen)
            {
                return;
            }

            seen = found;
        }
    }

    /// <summary>The rules in the plainest form: three failures in 60 s open it, 60 s doubling to 10 min, then one trial with a lease of 60 s.</summary>
    private sealed class Model
    {
        private readonly List<long> _failures = [];
        private bool _isOpen;
        private long _openedAt;
        private long _until;
        private int _level;
        private int _trial;
        private int _trials;

        public CircuitPhase PhaseAt(long now) => !_isOpen ? CircuitPhase.Closed
            : now >= _until ? CircuitPhase.HalfOpen
            : _trial != 0 ? CircuitPhase.Trial : CircuitPhase.Open;

        public bool TryStart(long now, out int trial)
        {
            trial = 0;
            if (!_isOpen)
            {
                return true;
            }

            if (now < _until)
            {
                return false;
            }

            _trial = trial = ++_trials;
            _until = now + TimeSpan.FromSeconds(60).Ticks;
            return true;
        }

        public void Failed(long now, int trial)
        {
            if (_isOpen && (trial == 0 || trial != _trial))
            {
                return;
            }

            _failures.RemoveAll(at => now - at >= TimeSpan.FromSeconds(60).Ticks);
            _failures.Add(now);
            if (_isOpen || _failures.Count >= 3)
            {
                (_isOpen, _openedAt, _trial) = (true, now, 0);
                _until = now + TimeSpan.FromSeconds(Math.Min(600, 60 << Math.Min(_level, 10))).Ticks;
                _level++;
                _failures.Clear();
            }
        }

        public void Succeeded(long began, int trial)
        {
            if (!_isOpen || (trial != 0 && trial == _trial) || began >= _openedAt)
            {
                (_isOpen, _level, _trial) = (false, 0, 0);
                _failures.Clear();
            }
        }

        public void Began(int trial)
        {
            if (_isOpen && trial != 0 && trial == _trial)
            {
                (_isOpen, _trial) = (false, 0);
            }
        }

        public void Abandoned(long now, int trial)
        {
            if (_isOpen && trial != 0 && trial == _trial)
            {
                (_trial, _until) = (0, now);
            }
        }
    }
}
