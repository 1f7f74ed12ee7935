# Imported targets Ns3::core, Ns3::network, Ns3::wifi ... from an unpacked ns-3 3.44 wheel.
# The wheel's own CMake files name folders of the machine that built it, hence this one.
set(_ns3_modules antenna applications bridge config-store core csma energy flow-monitor internet lr-wpan lte mobility network
  point-to-point propagation sixlowpan spectrum stats traffic-control wifi)

find_path(Ns3_INCLUDE_DIR ns3/core-config.h PATHS "${TELEGRAD_NS3_DIR}/include" NO_DEFAULT_PATH NO_CACHE)
find_library(Ns3_CORE_LIBRARY ns3.44-core PATHS "${TELEGRAD_NS3_DIR}/lib64" NO_DEFAULT_PATH NO_CACHE)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Ns3
  REQUIRED_VARS Ns3_CORE_LIBRARY Ns3_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "ns-3 3.44 is not in TELEGRAD_NS3_DIR='${TELEGRAD_NS3_DIR}': ./dev build fetches it and sets the variable")

# Beside ns3/ lies a Boost 1.66 that must not shadow the system's: only a link to ns3/ is on the include path.
set(_ns3_stage "${CMAKE_BINARY_DIR}/ns3-include")
file(MAKE_DIRECTORY "${_ns3_stage}")
file(CREATE_LINK "${Ns3_INCLUDE_DIR}/ns3" "${_ns3_stage}/ns3" SYMBOLIC)

add_library(Ns3::headers INTERFACE IMPORTED)
set_target_properties(Ns3::headers PROPERTIES
  INTERFACE_SYSTEM_INCLUDE_DIRECTORIES "${_ns3_stage}"
  INTERFACE_INCLUDE_DIRECTORIES "${_ns3_stage}"
  INTERFACE_COMPILE_DEFINITIONS
    "NS3_BUILD_PROFILE_RELEASE;NS3_LOG_ENABLE;NS3_ASSERT_ENABLE;__LINUX__;HAVE_SQLITE3;HAVE_LIBXML2;HAVE_GSL"
  # Classes looked up by their TypeId's name are used by no symbol.
  INTERFACE_LINK_OPTIONS "LINKER:--no-as-needed")

foreach(_module IN LISTS _ns3_modules)
  add_library(Ns3::${_module} SHARED IMPORTED)
  set_target_properties(Ns3::${_module} PROPERTIES
    IMPORTED_LOCATION "${TELEGRAD_NS3_DIR}/lib64/libns3.44-${_module}.so"
    INTERFACE_LINK_LIBRARIES Ns3::headers)
endforeach()
