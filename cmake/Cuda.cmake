# CUDA parts of LibTorch, and nvcc for training/kernels/*.cu where it is installed.
# Our C++ is the same with and without: devices, streams and events are asked for through LibTorch's own interfaces (c10).
# Linking works with the small set of wheels too; running needs the full one (./dev setup --cuda).
set_property(TARGET LibTorch::torch APPEND PROPERTY INTERFACE_LINK_LIBRARIES "LibTorch::torch_cuda;LibTorch::c10_cuda")
# torch_cuda registers its kernels when it is loaded; no symbol of ours needs it.
set_property(TARGET LibTorch::torch APPEND PROPERTY INTERFACE_LINK_OPTIONS
  "LINKER:--no-as-needed;LINKER:--unresolved-symbols=ignore-in-shared-libs")

find_program(TELEGRAD_NVCC nvcc HINTS ENV CUDACXX PATHS /usr/local/cuda/bin)
if(TELEGRAD_NVCC)
  set(CMAKE_CUDA_COMPILER "${TELEGRAD_NVCC}")
  set(CMAKE_CUDA_STANDARD 17) # CMake 3.25 does not know C++20 for nvcc 13.
  set(CMAKE_CUDA_STANDARD_REQUIRED ON)
  if(NOT CMAKE_CUDA_ARCHITECTURES)
    set(CMAKE_CUDA_ARCHITECTURES 80 90)
  endif()
  enable_language(CUDA)
else()
  message(STATUS "no nvcc: the CUDA libraries of LibTorch are linked, stubs stand for training/kernels/*.cu")
endif()
