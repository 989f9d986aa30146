import KernelTypes

public enum Kernels: KernelSet {}
