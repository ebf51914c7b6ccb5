using BenchmarkDotNet.Running;

// In process: the generated projects of the usual way look for a project file named like the assembly, and ours carries no prefix.
BenchmarkSwitcher.FromAssembly(System.Reflection.Assembly.GetExecutingAssembly()).Run([.. args, "--inProcess"]);
