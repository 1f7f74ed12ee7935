# Imported target LibTorch::torch from the folder 'torch' of the PyPI wheel 2.11.0.
# Its own find_package(Torch) insists on a CUDA toolkit even where only the CPU is used.
if(NOT EXISTS "${TELEGRAD_TORCH_DIR}/lib/libtorch_cpu.so")
  message(FATAL_ERROR "LibTorch is not in TELEGRAD_TORCH_DIR='${TELEGRAD_TORCH_DIR}': ./dev build fetches it and sets the variable")
endif()

set(_torch_includes "${TELEGRAD_TORCH_DIR}/include" "${TELEGRAD_TORCH_DIR}/include/torch/csrc/api/include")
foreach(_part c10 torch_cpu c10_cuda torch_cuda)
  add_library(LibTorch::${_part} SHARED IMPORTED)
  set_target_properties(LibTorch::${_part} PROPERTIES IMPORTED_LOCATION "${TELEGRAD_TORCH_DIR}/lib/lib${_part}.so")
endforeach()

add_library(LibTorch::torch INTERFACE IMPORTED)
set_target_properties(LibTorch::torch PROPERTIES
  INTERFACE_INCLUDE_DIRECTORIES "${_torch_includes}"
  INTERFACE_SYSTEM_INCLUDE_DIRECTORIES "${_torch_includes}"
  INTERFACE_LINK_LIBRARIES "LibTorch::torch_cpu;LibTorch::c10")

if(TELEGRAD_CUDA)
  include(Cuda)
endif()
